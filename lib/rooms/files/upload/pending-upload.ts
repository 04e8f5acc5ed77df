import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { PUT_TTL_SECONDS } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { hasArrived } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns } from "#lib/rooms/files/file-columns.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"
import { isSentBy, type Uploader } from "./uploader.ts"

/** An unfinished file and the object for its bytes. */
export type PendingUpload = FileRow & {
  key: string
  /** Null if there is one PUT, and before the multipart upload has begun. */
  uploadId: string | null
  /** Null if there is one PUT. */
  partSize: bigint | null
  checksums: boolean
  /** The colour with which the object is tagged before the file is ready; null for none. */
  colour: string | null
}

export type SignableUpload = PendingUpload & { signedAt: Date }

/** In SQL: whether file and object are this file's unfinished upload by the uploader. */
const isPending = (by: Uploader, id: string) => sql`
  file.id = ${fileIdOrRefuse(id)}::uuid AND ${isSentBy(by)}
  AND file.status = 'uploading' AND file.deleted_at IS NULL
  AND object.file_id = file.id AND object.kind = 'file' AND object.state = 'uploading'`

const pendingColumns = sql`object.key, object.upload_id AS "uploadId", object.part_size AS "partSize",
  object.checksums, object.colour, ${fileColumns}`

/** Returns an unfinished upload, or null. */
export async function findUpload(by: Uploader, id: string): Promise<PendingUpload | null> {
  const [pending] = await db.$queryRaw<PendingUpload[]>`
    SELECT ${pendingColumns} FROM file, object WHERE ${isPending(by, id)}`
  return pending ?? null
}

/**
 * Returns an unfinished upload, or null, after raising `put_expires_at` to the expiry of a URL
 * signed now. URLs are signed only after this and with the returned time, so that the last delete
 * of a doomed key happens after the last URL expires.
 */
export async function extendUpload(by: Uploader, id: string): Promise<SignableUpload | null> {
  const [pending] = await db.$queryRaw<SignableUpload[]>`
    UPDATE object SET put_expires_at =
      greatest(put_expires_at, statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int))
    FROM file WHERE ${isPending(by, id)}
    RETURNING ${pendingColumns}, statement_timestamp() AS "signedAt"`
  return pending ?? null
}

/** The refusal without a pending upload: `not_found`, or `conflict` for one that ended. */
export async function notPending(by: Uploader, id: string): Promise<Refusal> {
  const file = await requireFile(by, id)
  const { name } = file
  return hasArrived(file) ? refusal("conflict", "uploaded", { name }) : uploadIsOver(name)
}

export const uploadIsOver = (name: string) => refusal("conflict", "upload_over", { name })

export const notMultipart = ({ name }: { name: string }) =>
  refusal("conflict", "one_request", { name })
