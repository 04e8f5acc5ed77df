import "server-only"
import { z } from "zod"
import { readAuditHead, type StoredHead, writeAuditHead } from "#lib/adapters/storage.ts"
import { jsonOrNull } from "#lib/adapters/text/json-or-null.ts"
import { headMac, isEqual, type SealedHead } from "#lib/rooms/audit/chain/seal.ts"
import { sealKeys } from "#lib/rooms/audit/chain/seal-entries.ts"

/** The head in the bucket: access to the database alone cannot change it. */
export type BucketHead =
  | {
      kind: "kept"
      head: SealedHead
      etag: string
      /** The time on the store's clock. */
      writtenAt: Date
      /** Whether the first LINK_SECRET made it. Older secrets may be removed later. */
      isCurrent: boolean
    }
  /** The bucket has no head. */
  | { kind: "none" }
  /** The object was not made with any of the LINK_SECRETs. */
  | { kind: "foreign"; etag: string }
  /** The store could not be reached, or refused the read. */
  | { kind: "unseen"; error: unknown }

const Stored = z.object({
  sequence: z.int().min(0),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sealedAt: z.string(),
  mac: z.string(),
})

/** Reads the head in the bucket. Waits for the store at most `ms`. */
export async function readBucketHead(ms?: number): Promise<BucketHead> {
  try {
    const stored = await readAuditHead(ms)
    return stored ? parse(stored) : { kind: "none" }
  } catch (error) {
    return { kind: "unseen", error }
  }
}

function parse({ text, etag, writtenAt }: StoredHead): BucketHead {
  const { data } = Stored.safeParse(jsonOrNull(text))
  if (!data) return { kind: "foreign", etag }
  const { mac, ...head } = data
  const given = Buffer.from(mac, "hex")
  const by = sealKeys().findIndex((key) => isEqual(headMac(key, head), given))
  if (by < 0) return { kind: "foreign", etag }
  return { kind: "kept", head, etag, writtenAt, isCurrent: by === 0 }
}

/**
 * Replaces the head that was read. Returns false, and keeps the head, if another process has
 * written one since. The text has the fields of `audit head`, so that a copy of the object can be
 * used as a saved head.
 */
export function writeBucketHead(
  { sequence, hash, sealedAt }: SealedHead,
  seen: Exclude<BucketHead, { kind: "unseen" }>,
): Promise<boolean> {
  const [key] = sealKeys()
  if (!key) throw new Error("LINK_SECRET is empty")
  const head = { sequence, hash, sealedAt }
  const text = JSON.stringify({ ...head, mac: headMac(key, head).toString("hex") })
  return writeAuditHead(`${text}\n`, seen.kind === "none" ? null : seen.etag)
}
