import "server-only"
import { pool, type Sql, sql } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { PUT_TTL_SECONDS } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { quotaOfMember } from "#lib/rooms/files/objects/quota.ts"
import { MAX_UNSENT_FILES } from "./request-page.ts"

/** What a request takes at the moment. Sizes are bytes. */
type Room = {
  /** What this delivery may start now. */
  files: number
  bytes: number
  /** What fits once other files have arrived or were given up. */
  mostFiles: number
  mostBytes: number
  /** What counts for at most another `RETURN_MINUTES`, because its files were withdrawn. */
  returning: number
}

/** How long a URL may store a file again that was withdrawn or given up. */
export const RETURN_MINUTES = PUT_TTL_SECONDS / 60

/**
 * A query for the `Room` of a delivery. It is exact in a statement that holds the lock of the owner's
 * quota. Bytes count as long as the quota counts them, and those that all guests of the owner have
 * reserved without a file of them are at most three quarters of what the quota has left without
 * them (docs/decisions/064).
 */
export const roomOf = (shareId: string, deliveryId: string | null): Sql => sql`
  SELECT least(own.files, ${MAX_UNSENT_FILES} - coalesce(delivery.arriving_count, 0)) AS files,
    own.files AS "mostFiles",
    least(own.bytes, quota.bytes, (quota.bytes + guests.bytes) * 3 / 4 - guests.bytes) AS bytes,
    least(own.bytes, quota.bytes, (quota.bytes + guests.bytes) * 3 / 4) AS "mostBytes",
    own.returning
  FROM request r JOIN share ON share.id = r.share_id JOIN member ON member.id = share.owner_id
    LEFT JOIN delivery ON delivery.id = ${deliveryId}::uuid
    CROSS JOIN LATERAL (
      SELECT (r.max_files - r.file_count)::bigint AS files, r.max_bytes - r.counted_bytes AS bytes,
        r.counted_bytes - r.total_bytes AS returning
    ) AS own
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(size), 0)::bigint AS bytes FROM file
      WHERE owner_id = member.id AND delivery_id IS NOT NULL
        AND (status = 'uploading' OR counted_until IS NOT NULL)
    ) AS guests
    CROSS JOIN LATERAL (SELECT ${quotaOfMember()} - member.used_bytes AS bytes) AS quota
  WHERE r.share_id = ${shareId}::uuid`

/**
 * Returns what a request takes at the moment; null for an unknown one. It is prepared once in a
 * connection: planned at each call, it costs more than the rest of a guest's page.
 */
export async function readRoom(shareId: string, deliveryId: string | null): Promise<Room | null> {
  const { text, values } = roomOf(shareId, deliveryId)
  const asked = { name: "request-room", text, values }
  const [room] = (await pool().query<Record<keyof Room, string>>(asked)).rows
  if (!room) return null
  return {
    files: Number(room.files),
    bytes: Number(room.bytes),
    mostFiles: Number(room.mostFiles),
    mostBytes: Number(room.mostBytes),
    returning: Number(room.returning),
  }
}

/** How soon a guest may try again for whom there is room once other files have arrived. */
const RETRY_SECONDS = 30

/**
 * Returns the refusal of a file for which there is no room: `too_many` if there is once others have
 * arrived, else `quota_exceeded`.
 */
export async function refusalIn(shareId: string, deliveryId: string) {
  const room = await readRoom(shareId, deliveryId)
  return ({ name, size }: { name: string; size: number }): Refusal => {
    if (!room || room.mostFiles <= 0 || room.mostBytes <= 0)
      return refusal("quota_exceeded", "request_full", {}, { field: "size" })
    const left = { bytes: room.mostBytes }
    if (left.bytes < size)
      return refusal("quota_exceeded", "request_no_room", { left }, { field: "size" })
    return refusal("too_many", "request_wait", { name }, { retryAfterSeconds: RETRY_SECONDS })
  }
}
