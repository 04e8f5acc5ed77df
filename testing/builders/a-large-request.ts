import { randomUUID } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import { aGuest, aRequest, sentBy } from "./a-request.ts"

/**
 * A request to which one guest sent this many files: one really, and copies of its row, whose bytes
 * are not in the store. The owner has as many files of the same kind.
 */
export async function aLargeRequest(count: number) {
  const request = await aRequest({ maxFiles: 10_000 })
  const guest = await aGuest(request.publicId)
  const { id: fileId } = await sentBy(guest)
  const ids = JSON.stringify(Array.from({ length: count - 1 }, () => randomUUID()))
  // One statement for each row of the delivery's numbers would take a minute.
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`
    await tx.$executeRaw`
      INSERT INTO file (id, owner_id, delivery_id, name, path, size, content_type, status, ready_at, object_key, created_at)
      SELECT one.value::uuid, owner_id, delivery_id, 'boat ' || one.ordinality || '.jpg', path, size,
        content_type, status, ready_at, 'o/' || one.value, created_at + make_interval(secs => one.ordinality / 1e6)
      FROM file, jsonb_array_elements_text(${ids}::jsonb) WITH ORDINALITY AS one
      WHERE file.id = ${fileId}::uuid`
    const bytes = BigInt(count) * 5n
    const numbers = { fileCount: count, newCount: count, totalBytes: bytes, countedBytes: bytes }
    await tx.delivery.updateMany({ where: { shareId: request.id }, data: numbers })
    await tx.request.updateMany({ where: { shareId: request.id }, data: numbers })
  })
  // Indexes still have entries of the rows that earlier tests deleted.
  await db.$executeRaw`VACUUM (ANALYZE)`
  return { ...request, guest, fileId }
}
