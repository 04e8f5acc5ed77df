import "server-only"
import { createHmac, type KeyObject, timingSafeEqual } from "node:crypto"
import { z } from "zod"
import type { AuditEntryView } from "#lib/rooms/audit/audit-entry.ts"

/** The fields of an entry that a seal covers; its time is UTC with microseconds. */
export type SealedEntry = Omit<AuditEntryView, "details"> & { details: unknown }

/** A seal's position in the chain. */
type Place = {
  sequence: bigint
  /** UTC with microseconds. */
  sealedAt: string
}

/** The previous seal of the first seal. */
export const NO_SEAL = Buffer.alloc(32)

/**
 * Returns HMAC-SHA256 over the previous seal and the canonical bytes of the entry: a JSON array in
 * UTF-8 whose first element names this format, with the keys of objects sorted by their code units.
 */
export function sealOf(
  key: KeyObject,
  before: Uint8Array,
  place: Place,
  entry: SealedEntry,
): Buffer {
  const { id, at, actorId, actor, action, targetId, actId, origin, details } = entry
  const fields = [id, at, actorId, actor, action, targetId, actId, origin, sorted(details)]
  const text = JSON.stringify(["lapse-audit-1", String(place.sequence), place.sealedAt, ...fields])
  return createHmac("sha256", key).update(before).update(text).digest()
}

/** The MAC of a checkpoint, the seal at which the chain begins after retention. */
export function checkpointMac(
  key: KeyObject,
  { sequence, hash, deletedTo, madeAt }: Omit<Checkpoint, "mac">,
): Buffer {
  const text = JSON.stringify(["lapse-audit-checkpoint-1", String(sequence), deletedTo, madeAt])
  return createHmac("sha256", key).update(hash).update(text).digest()
}

/** The last seal of the chain, as it is logged, exported and kept. */
export const SealedHead = z.strictObject({
  sequence: z.int(),
  /** Hexadecimal. */
  hash: z.string(),
  /** ISO 8601 UTC. */
  sealedAt: z.iso.datetime(),
})
export type SealedHead = z.infer<typeof SealedHead>

/** Returns the MAC of a head that is saved in the bucket. */
export function headMac(key: KeyObject, { sequence, hash, sealedAt }: SealedHead): Buffer {
  const text = JSON.stringify(["lapse-audit-head-1", String(sequence), sealedAt])
  return createHmac("sha256", key).update(hash, "hex").update(text).digest()
}

export const isOwnCheckpoint = (keys: readonly KeyObject[], checkpoint: Checkpoint): boolean =>
  keys.some((key) => isEqual(checkpointMac(key, checkpoint), checkpoint.mac))

/** Compares two MACs in constant time. */
export const isEqual = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other)

export type Checkpoint = {
  sequence: bigint
  hash: Uint8Array
  /** UTC with microseconds, like the other times. */
  deletedTo: string
  madeAt: string
  mac: Uint8Array
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  const entries = Object.entries(value)
  if (entries.length > 1) entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, inner]) => [name, sorted(inner)]))
}
