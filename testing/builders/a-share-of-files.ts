import { randomUUID } from "node:crypto"
import { db, sql } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { aMember } from "./a-member.ts"

type Given = {
  name: string
  path?: string
  status?: "ready" | "uploading" | "abandoned"
  size?: number
}

/** A share of any number of files, in this order; their bytes are not in the store. */
export async function aShareOfFiles(given: Given[]) {
  const ownerId = await aMember()
  const files = given.map(({ name, path = "", size = 10, status = "ready" }, position) => {
    const id = randomUUID()
    return { id, name, path, size, status, position, key: `o/${id.replaceAll("-", "")}` }
  })
  // Prisma takes a second to compile a statement for thousands of rows.
  const rows = sql`jsonb_to_recordset(${JSON.stringify(files)}::jsonb) AS given(
    id uuid, name text, path text, size bigint, status text, position int, key text)`
  await db.$executeRaw`
    INSERT INTO file (id, owner_id, name, path, size, content_type, status)
    SELECT id, ${ownerId}::uuid, name, path, size, 'text/plain',
      CASE status WHEN 'abandoned' THEN 'abandoned' ELSE 'uploading' END::file_status
    FROM ${rows}`
  await db.$executeRaw`
    INSERT INTO object (key, file_id, state, put_expires_at, live_since)
    SELECT key, id, 'live', now(), now() FROM ${rows} WHERE status = 'ready'`
  await db.$executeRaw`
    UPDATE file SET status = 'ready', ready_at = now(), object_key = object.key
    FROM object WHERE object.file_id = file.id AND file.owner_id = ${ownerId}::uuid`
  const publicId = newPublicId()
  const share = await db.share.create({
    data: { ownerId, title: "The files", maxTtlSeconds: 60, links: { create: { publicId } } },
  })
  await db.$executeRaw`
    INSERT INTO share_file (share_id, file_id, position)
    SELECT ${share.id}::uuid, id, position FROM ${rows}`
  const ids = files.map(({ id }) => id)
  return { ownerId, shareId: share.id, publicId, token: linkToken(publicId), ids }
}
