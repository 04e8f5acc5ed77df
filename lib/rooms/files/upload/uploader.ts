import "server-only"
import { type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import type { Actor, OwnerId } from "#lib/rooms/accounts/member.ts"

/** A guest who sends files to a member, by the proof of a delivery. The member owns the files. */
export type Guest = {
  owner: OwnerId
  deliveryId: string
  /** The owner's folder that the guest's own folders are in, or "". */
  folder: string
  maxFileBytes: number
  /** The only accepted types; empty for all. */
  types: readonly string[]
  /** In SQL: a row with what limits the guest, as `reserveQuota` takes it. */
  room: Sql
  /** A query for a statement with `fitting`, the accepted files: inserts the row of the delivery. */
  begin: Sql
  /**
   * Refuses unless the guest may add files, which cannot change until the end of the transaction.
   * Returns the owner, who may have changed.
   */
  admit: (tx: Tx) => Promise<OwnerId>
  /** Returns the refusal of a file for which there is no room. */
  full: () => Promise<(file: { name: string; size: number }) => Refusal>
}

/** Who sends a file: its owner, or a guest. */
export type Uploader = OwnerId | Guest

export const isGuest = (by: Uploader | Actor): by is Guest =>
  typeof by !== "string" && "deliveryId" in by
export const ownerOf = (by: Uploader): OwnerId => (isGuest(by) ? by.owner : by)

/** In SQL: whether the row file was sent by the uploader. */
export const isSentBy = (by: Uploader): Sql =>
  isGuest(by)
    ? sql`file.delivery_id = ${by.deliveryId}::uuid`
    : sql`file.owner_id = ${by}::uuid AND file.delivery_id IS NULL`

/** In SQL: whether the uploader sees the row file. Owners see a guest's file once it has arrived. */
export const isSeenBy = (by: Uploader): Sql =>
  isGuest(by)
    ? isSentBy(by)
    : sql`file.owner_id = ${by}::uuid AND (file.delivery_id IS NULL OR file.status <> 'uploading')`
