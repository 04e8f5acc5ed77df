import "server-only"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { NO_SEAL, type SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealedHead } from "#lib/rooms/audit/chain/sealed-head.ts"
import { recordAudit } from "../record-audit.ts"
import { type BucketHead, readBucketHead, writeBucketHead } from "./bucket-head.ts"
import { followHead } from "./follow-head.ts"

/** `was` is null if the head was not made with LINK_SECRET. */
type HeadReset = { was: number | null; now: number }

/**
 * Sets the head in the bucket to the end of the chain if the chain does not continue from it: after
 * a restore, or when an operator has found the reason. Records this in the audit log and in Lapse's
 * log. Returns null if there is no head, or if the chain continues from it. Throws the store's
 * errors, after which it may be called again.
 */
export async function resetHead(): Promise<HeadReset | null> {
  const seen = await readBucketHead()
  if (seen.kind === "unseen") throw seen.error
  if (seen.kind === "none") return null
  const old = seen.kind === "kept" ? seen.head : null
  if (old && "end" in (await followHead(old))) return null
  const next = (await sealedHead()) ?? BEFORE_THE_FIRST
  const reset = { was: old?.sequence ?? null, now: next.sequence }
  // Recorded before the store is changed, because the store is not part of the transaction.
  await recordAudit(db, { actorId: null, action: "audit.reset_head", details: reset })
  log.warn({ was: old, now: next }, "the head of the audit log in the bucket is reset")
  await requireWritten(next, seen)
  return reset
}

const BEFORE_THE_FIRST: SealedHead = {
  sequence: 0,
  hash: NO_SEAL.toString("hex"),
  sealedAt: new Date(0).toISOString(),
}

async function requireWritten(head: SealedHead, seen: Exclude<BucketHead, { kind: "unseen" }>) {
  if (await writeBucketHead(head, seen)) return
  throw new Error("The head of the audit log was written by another process meanwhile.")
}
