import "server-only"
import { db, sql } from "#lib/adapters/database.ts"
import type { Refusal } from "#lib/adapters/errors.ts"
import { PUT_TTL_SECONDS } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { type FileRow, fileColumns } from "#lib/rooms/files/file-columns.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"

/** An unfinished file and the object that receives its bytes. */
export type PendingUpload = FileRow & {
  key: string
  /** Null for one PUT, and before the multipart upload has begun. */
  uploadId: string | null
  /** Null for one PUT. */
  partSize: bigint | null
  checksums: boolean
  /** The colour that the object is tagged with before the file is ready; null for none. */
  colour: string | null
}

/** A pending upload with the time with which its URLs are signed now. */
type SignableUpload = PendingUpload & { signedAt: Date }

/** The SQL condition on file and object of this file's unfinished upload, if it is the owner's. */
const isPending = (owner: MemberId, id: string) => sql`
  file.id = ${fileIdOrRefuse(id)}::uuid AND file.owner_id = ${owner}::uuid
  AND file.status = 'uploading' AND file.deleted_at IS NULL
  AND object.file_id = file.id AND object.kind = 'file' AND object.state = 'uploading'`

const pendingColumns = sql`object.key, object.upload_id AS "uploadId", object.part_size AS "partSize",
  object.checksums, object.colour, ${fileColumns}`

/** Returns an unfinished upload, or null. */
export async function findUpload(owner: MemberId, id: string): Promise<PendingUpload | null> {
  const [pending] = await db.$queryRaw<PendingUpload[]>`
    SELECT ${pendingColumns} FROM file, object WHERE ${isPending(owner, id)}`
  return pending ?? null
}

/**
 * Returns an unfinished upload, or null, after raising `put_expires_at` to the end of a URL signed
 * now. URLs are signed only after this and with the returned time, so that the last delete of a
 * doomed key follows the last URL.
 */
export async function extendUpload(owner: MemberId, id: string): Promise<SignableUpload | null> {
  const [pending] = await db.$queryRaw<SignableUpload[]>`
    UPDATE object SET put_expires_at =
      greatest(put_expires_at, statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int))
    FROM file WHERE ${isPending(owner, id)}
    RETURNING ${pendingColumns}, statement_timestamp() AS "signedAt"`
  return pending ?? null
}

/**
 * The refusal when there is no pending upload: `not_found`, or `conflict` for one that is ready or
 * has ended.
 */
export async function notPending(owner: MemberId, id: string): Promise<Refusal> {
  const { name, status } = await requireFile(owner, id)
  if (status !== "ready") return uploadIsOver(name)
  return refusal("conflict", "uploaded", { name })
}

export const uploadIsOver = (name: string) => refusal("conflict", "upload_over", { name })

export const notMultipart = ({ name }: { name: string }) =>
  refusal("conflict", "one_request", { name })
