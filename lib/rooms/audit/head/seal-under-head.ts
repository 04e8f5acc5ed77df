import "server-only"
import { log } from "#lib/adapters/monitoring/log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { reasonOf } from "#lib/adapters/storage.ts"
import type { SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealEntries } from "#lib/rooms/audit/chain/seal-entries.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { type BucketHead, readBucketHead, writeBucketHead } from "./bucket-head.ts"
import { findingInWords } from "./finding-in-words.ts"
import { followHead } from "./follow-head.ts"

/** Less than a minute, because a job that runs every minute may start some seconds early. */
const SPACING_MS = 50_000

type Kept = Extract<BucketHead, { kind: "kept" }>

/**
 * Seals the waiting entries, and saves the new head in the bucket. Throws, and seals nothing, if
 * the chain does not continue from the head in the bucket, because sealing would make a change in
 * the database look genuine. Without a head to compare with, it seals and warns; a change made
 * meanwhile contradicts the head as soon as the head can be read. `now` is this process's time,
 * because an attacker who can change the database also controls the database's time.
 */
export async function sealUnderHead(now = new Date()): Promise<void> {
  const seen = await readBucketHead()
  if (seen.kind === "kept") await requireFollows(seen)
  const sealed = await sealEntries()
  if (seen.kind === "unseen") warnOfHead(`${UNSEEN} (${reasonOf(seen.error)}).`, seen.error)
  else if (seen.kind === "foreign") warnOfHead(FOREIGN)
  else if (seen.kind === "none") await beginHead(sealed)
  else await moveHead(seen, now)
}

const UNSEEN =
  "The head of the audit log in the bucket cannot be read, so the log is sealed without being compared with it"
const UNWRITTEN =
  "The head of the audit log cannot be kept in the bucket, so a change of the database alone may go unnoticed"
const FOREIGN =
  "The head of the audit log in the bucket (audit/head.json) was not made with LINK_SECRET, so the log is sealed without being compared with it. Find out who wrote it, then run lapse audit reset."

async function requireFollows({ head }: Kept) {
  const followed = await followHead(head)
  if ("end" in followed) return followed.end
  throw new Error(
    `The audit log is no longer sealed: ${findingInWords(followed.contradiction)} Run lapse audit verify, and when you know why, lapse audit reset.`,
  )
}

async function moveHead(seen: Kept, now: Date) {
  const end = await requireFollows(seen)
  const isSoon = Math.abs(Number(now) - Number(seen.writtenAt)) < SPACING_MS
  const isBehind = end.sequence > seen.head.sequence && !isSoon
  if (isBehind || !seen.isCurrent) await keep(end, seen)
  else forgetHeadWarning()
}

async function beginHead(sealed: number) {
  const end = await sealedHead()
  if (!end || !(await keep(end, { kind: "none" }))) return
  const { sequence } = end
  if (sequence === sealed) log.info({ sequence }, "the head of the audit log is in the bucket")
  else
    log.warn(
      { sequence },
      `The bucket had no head of the audit log; that of entry ${sequence} is kept there from now on. If this is not the first start of this version, find out who deleted it.`,
    )
}

/** Writes the head. Returns false if it failed, or if another process was faster. */
async function keep(end: SealedHead, seen: Exclude<BucketHead, { kind: "unseen" }>) {
  try {
    const isWritten = await writeBucketHead(end, seen)
    forgetHeadWarning()
    return isWritten
  } catch (error) {
    warnOfHead(`${UNWRITTEN} (${reasonOf(error)}).`, error)
    return false
  }
}

const HOUR_MS = 3_600_000

type Warned = { sentence: string; at: number }

const held = () => processWide("head warning", (): { last: Warned | null } => ({ last: null }))

/** Warns about the head in the bucket: at once, and then once an hour while the problem lasts. */
function warnOfHead(sentence: string, error?: unknown): void {
  const now = performance.now()
  const { last } = held()
  if (last?.sentence === sentence && now - last.at < HOUR_MS) return
  held().last = { sentence, at: now }
  log.warn(error === undefined ? {} : { error }, sentence)
}

/** Records that the head is in order, so that the next fault is logged at once. */
export function forgetHeadWarning(): void {
  held().last = null
}
