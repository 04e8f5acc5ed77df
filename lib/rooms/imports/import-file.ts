import "server-only"
import { randomBytes } from "node:crypto"
import { db, sql } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { copyObject, MIN_FILE_PART_BYTES, PUT_TTL_SECONDS, putFile } from "#lib/adapters/storage.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { recordAudit } from "#lib/rooms/audit/record-audit.ts"
import { removeFile } from "#lib/rooms/files/delete-file.ts"
import { anyColour } from "#lib/rooms/files/objects/colours.ts"
import { countImported } from "#lib/rooms/files/objects/quota.ts"
import { previewOf } from "#lib/rooms/files/preview-kind.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { openInside } from "#lib/rooms/imports/plan/find-bytes.ts"
import type { NewFile } from "#lib/rooms/imports/plan/plan.ts"
import { importedName, importedPath } from "./imported-text.ts"

type Importing = {
  ownerId: OwnerId
  /** The app's directory. */
  root: string
  actId: string
}

/**
 * Imports a file and returns its id. Settings for uploads do not apply. The file counts towards the
 * owner's quota, which may be exceeded. If the process dies, it leaves an unfinished upload, which
 * the next import replaces.
 */
export async function importFile(file: NewFile, { ownerId, root, actId }: Importing) {
  if (file.unfinishedId !== null) await discard(file.unfinishedId)
  const { size } = file.source
  const name = importedName(file.source.name)
  const contentType = previewOf(name, "")?.contentType ?? "application/octet-stream"
  const started = await startFile(file, { ownerId, name, contentType })
  try {
    await store(file, { ...started, root, size, contentType })
    await finishUpload(ownerId, started.id, {}, (tx, { targetId, details }) =>
      recordAudit(tx, { actorId: null, action: "file.import", targetId, actId, details }),
    )
    return started.id
  } catch (error) {
    await discard(started.id).catch(() => {}) // the next import or the sweep removes it
    throw error
  }
}

const discard = (id: string) =>
  db.$transaction((tx) => removeFile(tx, sql`id = ${id}::uuid AND status = 'uploading'`))

type Named = { ownerId: OwnerId; name: string; contentType: string }

async function startFile({ source, hash }: NewFile, { ownerId, name, contentType }: Named) {
  const { size, folders, createdAt } = source
  const [id, key] = [newId(), `o/${randomBytes(20).toString("hex")}`]
  const colour = await anyColour()
  const partSize = size > MIN_FILE_PART_BYTES ? MIN_FILE_PART_BYTES : null
  await db.$executeRaw`
    WITH counted AS (
      ${countImported(ownerId, size)}
    ), started AS (
      INSERT INTO file (id, owner_id, name, path, size, content_type, created_at)
      SELECT ${id}::uuid, id, ${name}, ${importedPath(folders)}, ${size}::bigint, ${contentType},
        ${createdAt}
      FROM counted
      RETURNING id
    ), written AS (
      INSERT INTO object (key, file_id, part_size, colour, put_expires_at)
      SELECT ${key}, id, ${partSize}::bigint, ${colour},
        statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int)
      FROM started
    )
    INSERT INTO imported (hash, file_id) SELECT ${hash}, id FROM started
    ON CONFLICT (hash) DO UPDATE SET file_id = excluded.file_id`
  return { id, key }
}

type Storing = { id: string; key: string; root: string; size: number; contentType: string }

async function store({ bytes }: NewFile, { id, key, root, size, contentType }: Storing) {
  if (bytes.in === "directory") {
    const file = await openInside(root, bytes.name)
    if (!file) throw new Refusal("conflict", "It is no longer there.")
    return putFile({ key, file, size, contentType }).finally(() => file.close())
  }
  const { bucket: fromBucket, key: from } = bytes
  const copy = { from, fromBucket, to: key, size, contentType, fileId: id }
  await copyObject({ ...copy, colour: null, otherTags: [] })
}
