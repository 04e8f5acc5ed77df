import { readFileSync } from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import type { ChainReport, Finding, KeptHead } from "#lib/rooms/audit/chain/chain-finding.ts"
import { readHeads } from "#lib/rooms/audit/chain/kept-heads.ts"
import type { SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import type { BucketHead } from "#lib/rooms/audit/head/bucket-head.ts"
import { UsageError } from "#server/configuration/read-options.ts"
import { type Command, EXIT } from "./command.ts"
import { connectDatabase, withTables } from "./connect.ts"

export const audit: Command = {
  summary: "verify the audit log, print its head, or delete old entries",
  usage: `lapse audit verify [--head FILE]

  Compares the audit log with its seals and with its head in the bucket, and says what was altered,
  removed, inserted or replaced.
  --head FILE          compares with a head that was kept elsewhere too, as audit head prints it, or
                       with all heads in a log of Lapse

lapse audit head

  Prints the sealed head. Keep it where people who can write to the database cannot write.

lapse audit reset

  Sets the head in the bucket to the end of the log as it is now, where the two differ. Until then
  nothing is sealed. Run it when you know why they differ, as after a failover of the database that
  lost its last commits. It is recorded in the log.

lapse audit expire --days N

  Deletes entries older than so many days, as the setting of admins does, with the role of DATABASE_URL.`,
  operand: "verify, head, reset or expire",
  operands: ["verify", "head", "reset", "expire"],
  options: { head: { type: "string" }, days: { type: "string" } },
  async run({ head, days }, what) {
    const file = typeof head === "string" ? path.resolve(head) : undefined
    const number = typeof days === "string" ? Number(days) : undefined
    await connectDatabase()
    return withTables(
      async () => (await ACTIONS[what]?.({ head: file, days: number })) ?? EXIT.usage,
    )
  },
}

type Options = { head: string | undefined; days: number | undefined }

const ACTIONS: Record<string, (options: Options) => Promise<number>> = {
  verify,
  head: printHead,
  reset,
  expire,
}

async function verify({ head }: Options) {
  const { readBucketHead } = await import("#lib/rooms/audit/head/bucket-head.ts")
  const { verifyChain } = await import("#lib/rooms/audit/chain/verify-chain.ts")
  const given = head === undefined ? [] : keptIn(head)
  // The head is read before the chain: the chain only grows, so it must contain the head.
  const seen = await readBucketHead()
  const inBucket = seen.kind === "kept" && seen.head.sequence > 0 ? [toKept(seen.head)] : []
  const kept = [...given, ...inBucket]
  const report = await verifyChain(kept)
  console.log(
    [...inWords(report), "", await ofBucket(seen), ...outcome(report, kept.length)].join("\n"),
  )
  return report.found > 0 || seen.kind === "foreign" ? EXIT.found : EXIT.clean
}

const toKept = ({ sequence, hash }: SealedHead): KeptHead => ({ sequence: BigInt(sequence), hash })

async function ofBucket(seen: BucketHead) {
  switch (seen.kind) {
    case "kept":
      return `The head in the bucket is ${seen.head.sequence}, sealed at ${seen.head.sealedAt}.`
    case "none":
      return "The log was not compared with a head outside the database: the bucket has none."
    case "foreign":
      return "The log was not compared with a head outside the database: the one in the bucket was not signed with LINK_SECRET, so it belongs to another installation or was altered."
    case "unseen": {
      const { reasonOf } = await import("#lib/adapters/storage.ts")
      return `The log was not compared with a head outside the database: the bucket cannot be read (${reasonOf(seen.error)}).`
    }
  }
}

function keptIn(file: string) {
  const heads = readHeads(readText(file))
  if (heads.length === 0) {
    throw new SetupError(
      `${file} contains no head: name a file with the output of lapse audit head, or a log of Lapse.`,
    )
  }
  return heads
}

function readText(file: string) {
  try {
    return readFileSync(file, "utf8")
  } catch (error) {
    throw new SetupError(`${file} cannot be read: correct --head.`, { cause: error })
  }
}

async function printHead() {
  const { sealedHead } = await import("#lib/rooms/audit/chain/sealed-head.ts")
  const head = await sealedHead()
  if (!head)
    throw new SetupError(
      "The audit log is not sealed yet: Lapse seals it every minute while it runs.",
    )
  console.log(JSON.stringify(head))
  return EXIT.clean
}

async function reset() {
  const { resetHead } = await import("#lib/rooms/audit/head/reset-head.ts")
  const head = await resetHead()
  if (!head) {
    console.log("The bucket has no head that differs from the log: there is nothing to reset.")
    return EXIT.clean
  }
  const was = head.was === null ? "not made with LINK_SECRET" : head.was
  console.log(
    `The head in the bucket was ${was} and is ${head.now} now. The log continues from there.`,
  )
  return EXIT.clean
}

async function expire({ days }: Options) {
  if (days === undefined || !Number.isInteger(days) || days < 1) {
    throw new UsageError("Name how many days to keep: lapse audit expire --days 365.")
  }
  const { expireEntries } = await import("#lib/rooms/audit/expire-entries.ts")
  const deleted = await expireEntries(days)
  console.log(`${deleted} entries from more than ${days} days ago are deleted.`)
  return EXIT.clean
}

function inWords({ verified, waiting, begins, head, olderHeads }: ChainReport) {
  const lines = [`${verified} entries match their seals.`]
  if (begins) {
    lines.push(
      `It begins after ${begins.sequence}: earlier entries, up to ${begins.deletedTo}, were deleted by retention.`,
    )
  }
  if (waiting > 0) lines.push(`${waiting} are not sealed yet.`)
  if (head) lines.push(`The head is ${head.sequence}, sealed at ${head.sealedAt}: ${head.hash}`)
  if (olderHeads > 0) lines.push(`${olderHeads} kept heads are older than that and prove nothing.`)
  return lines
}

function outcome({ found, findings }: ChainReport, kept: number) {
  if (found > 0) {
    const more = found - findings.length
    return [
      "",
      `${found} findings:`,
      ...findings.map(sentence),
      ...(more > 0 ? [`  and ${more} more`] : []),
    ]
  }
  if (kept > 0) return ["The log contains the kept heads."]
  return ["Without a head, removed or replaced newer entries cannot be detected."]
}

function sentence(finding: Finding) {
  switch (finding.kind) {
    case "altered":
      return `  ${finding.sequence}  entry ${finding.entryId} or its seal was altered`
    case "removed":
      return `  ${finding.sequence}  entry ${finding.entryId} was removed`
    case "missing":
      return `  ${finding.from} to ${finding.to}  entries and seals were removed`
    case "inserted":
      return `  entry ${finding.entryId} has no seal and does not wait for one: it was inserted, or its seal was removed`
    case "removed_unsealed":
      return `  entry ${finding.entryId} was removed before it was sealed`
    case "checkpoint":
      return `  ${finding.sequence}  the checkpoint of retention was not made with LINK_SECRET`
    case "cut_off":
      return `  ${finding.sequence}  the log ends before this kept head: newer entries were removed`
    case "other_chain":
      return `  ${finding.sequence}  the chain does not match the kept head: the log was replaced`
  }
}
