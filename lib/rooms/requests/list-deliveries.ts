import "server-only"
import { DEFAULT_LIMIT } from "#lib/adapters/database/list-page.ts"
import { type Listed, sortedPage } from "#lib/adapters/database/sorted-page.ts"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { csvLine } from "#lib/adapters/text/csv.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AdminId, MemberId } from "#lib/rooms/accounts/member.ts"
import { ARRIVED_AT, requireRequest, waitsForName } from "./read-requests.ts"
import type { DeliveryView } from "./request.ts"

type Page = { cursor?: string | undefined; limit?: number | undefined }

/**
 * Lists what came in, by sender, newest first, with the files that have arrived. Leaves out senders
 * of whom there is neither a file nor an answer. Refuses `not_found`, also for another's request.
 */
export async function listDeliveries(
  owner: MemberId,
  requestId: string,
  { cursor, limit = DEFAULT_LIMIT }: Page = {},
): Promise<Listed<DeliveryView>> {
  const { id } = await requireRequest(owner, requestId)
  return sortedPage({
    sort: "-started",
    keys: { started: { by: "d.started_at", type: "timestamptz" } },
    id: "d.id",
    cursor,
    limit,
    read: (slice) =>
      readDeliveries({ ...slice, where: sql`d.share_id = ${id}::uuid AND ${slice.where}` }),
    view: ({ place, ...delivery }) => ({ ...delivery, name: plainName(delivery.name) }),
  })
}

/** Returns the senders and their answers as CSV, newest first, a line for each delivery. */
export async function deliveriesCsv(owner: MemberId, requestId: string): Promise<string> {
  const { id, fields } = await requireRequest(owner, requestId)
  const deliveries = await readDeliveries({ where: sql`d.share_id = ${id}::uuid`, order: NEWEST })
  const labels = fields.own.map(({ label }) => label)
  const head = ["started", "done", "name", "address", ...labels, "files", "bytes"]
  const lines = deliveries.map((delivery) =>
    csvLine([
      delivery.startedAt,
      delivery.doneAt,
      delivery.name,
      delivery.address,
      ...labels.map((label) => delivery.fields[label] ?? ""),
      delivery.files.length,
      delivery.files.reduce((sum, { size }) => sum + size, 0),
    ]),
  )
  return [csvLine(head), ...lines].join("")
}

/**
 * Returns the names that senders gave, by the ids of their deliveries. Leaves out erased senders,
 * those without a name and unknown ids.
 */
export async function senderNames(_admin: AdminId, ids: string[]): Promise<Map<string, string>> {
  const named = await db.delivery.findMany({
    where: { id: { in: ids.filter(isUuid) }, name: { not: "" } },
    select: { id: true, name: true },
  })
  return new Map(named.map(({ id, name }) => [id, plainName(name)]))
}

const NEWEST = sql`d.started_at DESC, d.id DESC`

const time = (column: string) => rawSql(timeText(column))

type Selection = { where: Sql; order: Sql; place?: Sql; limit?: number }

const readDeliveries = ({ where, order, place = sql`''`, limit }: Selection) =>
  db.$queryRaw<(DeliveryView & { place: string })[]>`
    SELECT d.id, ${place} AS place, d.name, d.address, d.fields,
      ${time("d.started_at")} AS "startedAt", ${time("d.done_at")} AS "doneAt",
      ${rawSql(waitsForName("r", "d"))} AS "waitsForName", ${time("d.seen_at")} AS "seenAt", ${time("d.erased_at")} AS "erasedAt",
      d.arriving_count AS "arrivingFileCount", d.arriving_bytes::float8 AS "arrivingBytes",
      listed.files
    FROM delivery d JOIN request r ON r.share_id = d.share_id
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'id', file.id, 'name', file.name, 'path', file.path, 'size', file.size,
        'contentType', file.content_type, 'status', file.status,
        'heldFor', CASE WHEN file.status = 'held' THEN file.held_for END, 'sha256', file.sha256,
        'sha256Verified', file.sha256_verified, 'fingerprint', NULL,
        'hasThumbnail', file.thumbnail_key IS NOT NULL, 'createdAt', ${time("file.created_at")},
        'arrivedAt', ${time(ARRIVED_AT)}
      ) ORDER BY file.created_at, file.id), '[]') AS files
      FROM file
      WHERE file.delivery_id = d.id AND file.deleted_at IS NULL AND ${rawSql(ARRIVED_AT)} IS NOT NULL
    ) listed
    WHERE ${where} AND (d.file_count > 0 OR d.done_at IS NOT NULL AND d.erased_at IS NULL)
    ORDER BY ${order}
    ${limit === undefined ? noSql : sql`LIMIT ${limit}`}`
