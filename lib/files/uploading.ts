import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { PUT_TTL_SECONDS } from "#lib/storage.ts"
import { type FileRow, fileColumns, fileIdOrRefuse } from "./file-view.ts"
import { requireFile } from "./require-file.ts"

/** An unfinished file with the object its bytes go to. */
export type Uploading = FileRow & {
  key: string
  /** Null: one PUT, or the upload in parts has not begun. */
  uploadId: string | null
  /** Null: one PUT. */
  partSize: bigint | null
  checksums: boolean
}

/** Over file and object: which upload of whom, while the app waits for it. */
const isUploading = (owner: MemberId, id: string) => sql`
  file.id = ${fileIdOrRefuse(id)}::uuid AND file.owner_id = ${owner}::uuid
  AND file.status = 'uploading' AND file.deleted_at IS NULL
  AND object.file_id = file.id AND object.state = 'uploading'`

const uploadingColumns = sql`object.key, object.upload_id AS "uploadId", object.part_size AS "partSize",
  object.checksums, ${fileColumns}`

/** An upload the app waits for, or null. */
export async function findUpload(owner: MemberId, id: string): Promise<Uploading | null> {
  const [uploading] = await db.$queryRaw<Uploading[]>`
    SELECT ${uploadingColumns} FROM file, object WHERE ${isUploading(owner, id)}`
  return uploading ?? null
}

/**
 * The same, for whom bytes may arrive for as long as a signed address lives from now on. An address
 * is signed only afterwards, so that a doomed key is surely deleted after its end.
 */
export async function extendUpload(owner: MemberId, id: string): Promise<Uploading | null> {
  const [uploading] = await db.$queryRaw<Uploading[]>`
    UPDATE object SET put_expires_at =
      greatest(put_expires_at, clock_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int))
    FROM file WHERE ${isUploading(owner, id)}
    RETURNING ${uploadingColumns}`
  return uploading ?? null
}

/** Why a file takes no bytes: `not_found`, or it has arrived. */
export async function takesNoBytes(owner: MemberId, id: string): Promise<Refusal> {
  const { name } = await requireFile(owner, id)
  return new Refusal("conflict", `“${name}” has arrived already.`)
}

export const inOnePut = ({ name }: { name: string }) =>
  new Refusal("conflict", `“${name}” is uploaded in one piece, not in parts.`)
