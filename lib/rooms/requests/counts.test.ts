import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import {
  aGuest,
  answered,
  aRequest,
  sentBy,
  someGuests,
  startedBy,
} from "#testing/builders/a-request.ts"
import { eraseDelivery } from "./erase-deliveries.ts"
import { completeFile, finishDelivery, withdrawFile } from "./guest/deliver.ts"
import { listDeliveries } from "./list-deliveries.ts"
import { requireRequest } from "./read-requests.ts"
import { seeDeliveries } from "./see-deliveries.ts"

const DONE = { sender: {}, fields: {} }

/** The numbers that the rows of deliveries and requests have. */
const kept = () => db.$queryRaw<object[]>`
  SELECT share_id, NULL AS id, file_count, arriving_count, new_count, total_bytes, arriving_bytes,
    counted_bytes FROM request
  UNION ALL SELECT share_id, id, file_count, arriving_count, new_count, total_bytes, arriving_bytes,
    counted_bytes FROM delivery ORDER BY share_id, id`

/** The numbers of a request, counted from its files. */
const counted = () => db.$queryRaw<object[]>`
  SELECT request.share_id, delivery.id,
    count(*) FILTER (WHERE f.deleted_at IS NULL AND f.id IS NOT NULL)::int AS file_count,
    count(*) FILTER (WHERE f.deleted_at IS NULL AND f.status = 'uploading')::int AS arriving_count,
    count(*) FILTER (WHERE f.deleted_at IS NULL
      AND coalesce(f.ready_at, f.unchecked_since) >= delivery.seen_at)::int AS new_count,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL), 0)::bigint AS total_bytes,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL AND f.status = 'uploading'), 0)::bigint
      AS arriving_bytes,
    coalesce(sum(f.size) FILTER (WHERE f.deleted_at IS NULL OR f.counted_until IS NOT NULL), 0)::bigint
      AS counted_bytes
  FROM request LEFT JOIN delivery ON delivery.share_id = request.share_id
    LEFT JOIN file f ON f.delivery_id = delivery.id
  GROUP BY GROUPING SETS (request.share_id, (request.share_id, delivery.id))
  HAVING GROUPING(delivery.id) = 1 OR delivery.id IS NOT NULL
  ORDER BY share_id, id`

describe("the numbers in the row of a request and of a delivery", { timeout: 120_000 }, () => {
  it("follow its files from their start to their deletion", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const { file, put } = await startedBy(guest, { bytes: "seven b" })
    const gone = await startedBy(guest, { bytes: "three" })
    expect(await requireRequest(ownerId, id)).toMatchObject({
      ...{ fileCount: 2, arrivingFileCount: 2, newFileCount: 0, totalBytes: 12 },
    })
    await withdrawFile(guest, gone.file.id)
    await put()
    await completeFile(guest, file.id, {})
    const request = await requireRequest(ownerId, id)
    expect(request).toMatchObject({
      ...{ fileCount: 1, arrivingFileCount: 0, newFileCount: 1, totalBytes: 7 },
    })
    expect(await kept()).toEqual(await counted())

    await finishDelivery(guest, DONE)
    const until = new Date().toISOString()
    await seeDeliveries(ownerId, id, { deliveryIds: [guest.deliveryId], until: new Date(until) })
    const seen = await requireRequest(ownerId, id)
    expect(seen).toMatchObject({ fileCount: 1, newFileCount: 0 })
    expect(seen.version).not.toBe(request.version)
    expect(await kept()).toEqual(await counted())

    await deleteFile(ownerId, file.id)
    expect(await requireRequest(ownerId, id)).toMatchObject({ fileCount: 0, totalBytes: 0 })
    expect(await kept()).toEqual(await counted())
    await db.delivery.delete({ where: { id: guest.deliveryId } })
    expect(await kept()).toEqual(await counted())
  })

  it("are those of its files, however guests, owner and erasures race", async () => {
    const { id, ownerId, publicId } = await aRequest()
    const guests = await someGuests(publicId, 12)
    const deliveries = guests.map(({ deliveryId }) => deliveryId)

    await Promise.all(
      guests.map((guest, n) =>
        answered(async () => {
          const first = await sentBy(guest)
          const { file } = await startedBy(guest)
          await (n % 3 === 0 ? deleteFile(ownerId, first.id) : withdrawFile(guest, file.id))
          if (n % 3 === 1) await finishDelivery(guest, DONE)
          if (n % 4 === 3) await eraseDelivery(ownerId, guest.deliveryId, { files: "keep" })
          await seeDeliveries(ownerId, id, { deliveryIds: deliveries, until: new Date() })
        }),
      ),
    )

    expect(await kept()).toEqual(await counted())
    const { items } = await listDeliveries(ownerId, id)
    expect(items).toHaveLength(12)
  })
})
