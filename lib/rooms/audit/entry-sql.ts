import { exactTimeText } from "#lib/adapters/database/time-text.ts"
import type { Checkpoint, SealedEntry } from "./chain/seal.ts"

/** Returns the columns of a SealedEntry, for an entry with this table name. */
export const sealedColumns = (entry: string) => `
  ${entry}.id, ${exactTimeText(`${entry}.at`)} AS at, ${entry}.actor_id AS "actorId", ${entry}.actor,
  ${entry}.action, ${entry}.target_id AS "targetId", ${entry}.act_id AS "actId", ${entry}.origin,
  ${entry}.details`

/** A seal and its entry; if the entry is missing, all of its columns are null. */
export type SealRow = { sequence: string; sealedAt: string; hash: Buffer; entryId: string } & (
  | SealedEntry
  | { [Column in keyof SealedEntry]: null }
)

/**
 * Selects SealRows after a sequence, in the order of the chain, up to a limit. Each entry is looked
 * up separately, because another join would read all entries for every batch.
 */
export const SEALS = `
  SELECT seal.sequence, seal.entry_id AS "entryId", ${exactTimeText("seal.sealed_at")} AS "sealedAt",
    seal.hash, ${sealedColumns("entry")}
  FROM (SELECT * FROM audit_seal WHERE sequence > $1::bigint ORDER BY sequence LIMIT $2::int) AS seal
  LEFT JOIN LATERAL (SELECT * FROM audit_entry WHERE id = seal.entry_id LIMIT 1) AS entry ON true
  ORDER BY seal.sequence`

export const CHECKPOINT = `
  SELECT sequence, hash, ${exactTimeText("deleted_to")} AS "deletedTo", ${exactTimeText("made_at")} AS "madeAt",
    mac
  FROM audit_checkpoint`

export type CheckpointRow = Omit<Checkpoint, "sequence"> & { sequence: string }

export const toCheckpoint = (row: CheckpointRow): Checkpoint => ({
  ...row,
  sequence: BigInt(row.sequence),
})
