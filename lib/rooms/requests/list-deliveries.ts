import "server-only"
import { type Listed, sortedPage } from "#lib/adapters/database/sorted-page.ts"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { csvLine } from "#lib/adapters/text/csv.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { notScanned } from "#lib/rooms/files/file-columns.ts"
import { ARRIVED_AT, requireRequest, waitsForName } from "./read-requests.ts"
import { type DeliveriesQuery, type DeliveryView, FILES_PER_PAGE } from "./request.ts"

/**
 * Lists what came in, by sender, newest first, with the first files that arrived; or one delivery
 * with a page of its files. Leaves out senders of whom there is neither a file nor an answer.
 * Refuses `not_found`, also for another's request.
 */
export async function listDeliveries(
  owner: OwnerId,
  requestId: string,
  { deliveryId, cursor, limit }: DeliveriesQuery = {},
): Promise<Listed<DeliveryView>> {
  const { id } = await requireRequest(owner, requestId)
  const ofRequest = sql`d.share_id = ${id}::uuid`
  const view = ({ place, ...delivery }: DeliveryRow) => ({
    ...delivery,
    name: plainName(delivery.name),
    recipient: delivery.recipient === null ? null : plainName(delivery.recipient),
  })
  if (deliveryId !== undefined) {
    if (cursor !== undefined && !isUuid(cursor))
      throw refusal("invalid", "no_position", {}, { field: "cursor" })
    const [row] = await readDeliveries({
      where: sql`${ofRequest} AND d.id = ${deliveryId}::uuid`,
      order: NEWEST,
      after: cursor,
      most: FILES_PER_PAGE + 1,
    })
    if (!row) throw refusal("not_found", "no_delivery")
    const files = row.files.slice(0, FILES_PER_PAGE)
    const nextCursor = row.files.length > FILES_PER_PAGE ? (files.at(-1)?.id ?? null) : null
    return { items: [view({ ...row, files })], nextCursor, prevCursor: null }
  }
  return sortedPage({
    query: { sort: "-started", cursor, limit },
    keys: { started: { by: "d.started_at", type: "timestamptz" } },
    id: "d.id",
    read: (slice) => readDeliveries({ ...slice, where: sql`${ofRequest} AND ${slice.where}` }),
    view,
  })
}

/** Returns those of a request's links by which files came in. */
export async function linksThatSent(requestId: string, linkIds: string[]): Promise<Set<string>> {
  const sent = await db.delivery.findMany({
    where: { shareId: requestId, linkId: { in: linkIds }, fileCount: { gt: 0 } },
    select: { linkId: true },
    distinct: ["linkId"],
  })
  return new Set(sent.flatMap(({ linkId }) => linkId ?? []))
}

/** Returns the senders and their answers as CSV, newest first, a line for each delivery. */
export async function deliveriesCsv(owner: OwnerId, requestId: string): Promise<string> {
  const { id, fields } = await requireRequest(owner, requestId)
  const where = sql`d.share_id = ${id}::uuid`
  const deliveries = await readDeliveries({ where, order: NEWEST, most: 0 })
  const labels = fields.own.map(({ label }) => label)
  const head = ["started", "done", "name", "address", "recipient", ...labels, "files", "bytes"]
  const lines = deliveries.map((delivery) =>
    csvLine([
      delivery.startedAt,
      delivery.doneAt,
      delivery.name,
      delivery.address,
      delivery.recipient,
      ...labels.map((label) => delivery.fields[label] ?? ""),
      delivery.fileCount,
      delivery.totalBytes,
    ]),
  )
  return [csvLine(head), ...lines].join("")
}

/**
 * Returns the names that senders gave, by the ids of their deliveries. Leaves out erased senders,
 * those without a name and unknown ids.
 */
export async function senderNames(_by: AuditorId, ids: string[]): Promise<Map<string, string>> {
  const named = await db.delivery.findMany({
    where: { id: { in: ids.filter(isUuid) }, name: { not: "" } },
    select: { id: true, name: true },
  })
  return new Map(named.map(({ id, name }) => [id, plainName(name)]))
}

const NEWEST = sql`d.started_at DESC, d.id DESC`

const time = (column: string) => rawSql(timeText(column))

type DeliveryRow = DeliveryView & { place: string }

type Selection = {
  where: Sql
  order: Sql
  place?: Sql
  limit?: number
  /** The file of a delivery after which its list begins. */
  after?: string | undefined
  /** The most files of all deliveries together. */
  most?: number
}

/** In SQL: whether a file comes after another in the order in which they were sent. */
export const isAfter = (id: string | undefined) =>
  id === undefined
    ? sql`true`
    : sql`(file.created_at, file.id) > (
        SELECT one.created_at, one.id FROM file AS one WHERE one.id = ${id}::uuid)`

const readDeliveries = ({ most = FILES_PER_PAGE, ...selection }: Selection) =>
  db.$queryRaw<DeliveryRow[]>`
    SELECT d.id, d.place, d.name, d.address, d.fields, (
        SELECT nullif(recipient, '') FROM link WHERE link.id = d.link_id
      ) AS recipient,
      ${time("d.started_at")} AS "startedAt", ${time("d.done_at")} AS "doneAt",
      ${rawSql(waitsForName("r", "d"))} AS "waitsForName",
      ${time("d.seen_at")} AS "seenAt", ${time("d.erased_at")} AS "erasedAt",
      d.arriving_count AS "arrivingFileCount", d.arriving_bytes::float8 AS "arrivingBytes",
      d.arrived AS "fileCount", (d.total_bytes - d.arriving_bytes)::float8 AS "totalBytes",
      d.new_count AS "newFileCount", listed.files
    FROM (
      SELECT d.*, row_number() OVER (ORDER BY ${selection.order}) AS row,
        (sum(arrived) OVER (ORDER BY ${selection.order}) - arrived)::bigint AS before
      FROM (
        SELECT *, ${selection.place ?? sql`''`} AS place, file_count - arriving_count AS arrived
        FROM delivery d
        WHERE ${selection.where} AND (d.file_count > 0 OR d.done_at IS NOT NULL AND d.erased_at IS NULL)
        ORDER BY ${selection.order}
        ${selection.limit === undefined ? noSql : sql`LIMIT ${selection.limit}`}
      ) AS d
    ) AS d JOIN request r ON r.share_id = d.share_id
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'id', file.id, 'name', file.name, 'path', file.path, 'size', file.size,
        'contentType', file.content_type, 'status', file.status,
        'heldFor', CASE WHEN file.status = 'held' THEN file.held_for END,
        'notScanned', ${rawSql(notScanned("file"))}, 'sha256', file.sha256,
        'sha256Verified', file.sha256_verified, 'fingerprint', NULL,
        'hasThumbnail', file.thumbnail_key IS NOT NULL, 'createdAt', ${time("file.created_at")},
        'arrivedAt', ${time(ARRIVED_AT)}
      ) ORDER BY file.created_at, file.id), '[]') AS files
      FROM (
        SELECT * FROM file
        WHERE file.delivery_id = d.id AND file.deleted_at IS NULL
          AND ${rawSql(ARRIVED_AT)} IS NOT NULL AND ${isAfter(selection.after)}
        ORDER BY file.created_at, file.id LIMIT greatest(0, ${most}::bigint - d.before)
      ) AS file
    ) listed
    ORDER BY d.row`
