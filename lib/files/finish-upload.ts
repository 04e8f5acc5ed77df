import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { headObject } from "#lib/storage.ts"
import type { FileView } from "./file.ts"
import { fileIdOrRefuse, fileSelect, noSuchFile, toFileView } from "./file-view.ts"
import { requireFile } from "./require-file.ts"

/**
 * Asks the store whether the bytes are there and makes the file ready. Repeats and races give the
 * same answer. Refuses `conflict` when the bytes have not arrived or are not as many as announced.
 */
export async function finishUpload(owner: MemberId, id: string): Promise<FileView> {
  const file = await db.file.findFirst({
    where: { id: fileIdOrRefuse(id), ownerId: owner, deletedAt: null },
    select: {
      ...fileSelect,
      objects: { where: { state: "uploading", uploadId: null }, select: { key: true } },
    },
  })
  if (!file) throw noSuchFile()
  const [object] = file.objects
  // Whoever else finished or deleted it meanwhile has the last word.
  if (file.status !== "uploading" || !object) return requireReadyFile(owner, id)

  await refuseUnlessStored(object.key, file)

  // The file's row is locked first, as a delete does: the object becomes live only while the file is wanted.
  const finished = await db.$executeRaw`
    WITH wanted AS (
      SELECT id FROM file
      WHERE id = ${file.id}::uuid AND owner_id = ${owner}::uuid
        AND status = 'uploading' AND deleted_at IS NULL
      FOR UPDATE
    ), live AS (
      UPDATE object SET state = 'live', live_since = clock_timestamp()
      FROM wanted
      WHERE key = ${object.key} AND file_id = wanted.id AND state = 'uploading'
      RETURNING key, file_id
    )
    UPDATE file SET status = 'ready', ready_at = clock_timestamp(), object_key = live.key
    FROM live WHERE file.id = live.file_id`
  return finished ? toFileView({ ...file, status: "ready" }) : requireReadyFile(owner, id)
}

async function requireReadyFile(owner: MemberId, id: string) {
  const file = await requireFile(owner, id)
  if (file.status === "ready") return file
  throw new Refusal("conflict", `The upload of “${file.name}” is over: upload it again.`)
}

async function refuseUnlessStored(key: string, { name, size }: { name: string; size: bigint }) {
  const stored = await headObject(key)
  if (!stored) throw new Refusal("conflict", `“${name}” has not arrived in the store yet.`)
  if (BigInt(stored.size) !== size) {
    throw new Refusal(
      "conflict",
      `The store has ${formatBytes(stored.size)} of “${name}”, not ${formatBytes(Number(size))}: upload it again.`,
    )
  }
}
