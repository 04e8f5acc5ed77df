import "server-only"
import { randomBytes } from "node:crypto"
import type { MemberId } from "#lib/accounts/member.ts"
import { anyColour } from "#lib/colours.ts"
import { db, sql } from "#lib/db.ts"
import { refuseTooLarge, refuseType } from "#lib/files/allowed-files.ts"
import { removeFile } from "#lib/files/delete-file.ts"
import {
  type FileInput,
  type FileView,
  SINGLE_PUT_BYTES,
  type UploadView,
} from "#lib/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/files/file-columns.ts"
import { requireUploadRoom } from "#lib/host/disk-room.ts"
import { log } from "#lib/monitoring/log.ts"
import { readSettings } from "#lib/settings/read-settings.ts"
import { PUT_TTL_SECONDS, presignPut, refusesOverwrite } from "#lib/storage.ts"
import { newId } from "#lib/uuid.ts"
import { beginMultipart } from "./begin-multipart.ts"
import { partCountOf, partSizeOf } from "./part-sizes.ts"
import { notReserved, releaseDeleted, reserveQuota } from "./quota.ts"

/**
 * Reserves the file's size in the member's quota, inserts the file and its object, and starts the
 * upload: one signed PUT, or a multipart upload. Refuses `too_large`, `not_allowed`,
 * `quota_exceeded` and `storage_full`; a refusal reserves nothing.
 */
export async function startUpload(
  owner: MemberId,
  input: FileInput,
): Promise<{ file: FileView; upload: UploadView }> {
  const settings = await readSettings()
  refuseTooLarge(settings, input)
  refuseType(settings, input)
  requireUploadRoom(input.size)
  const key = `o/${randomBytes(20).toString("hex")}`
  const partSize = (await fitsOnePut(input)) ? null : partSizeOf(input.size)
  const colour = await anyColour()
  const reserved = await reserve(owner, input, { key, partSize, colour })
  const file = toFileView(reserved)
  const { signedAt } = reserved
  try {
    return {
      file,
      upload: await startTransfer(file, {
        key,
        partSize,
        signedAt,
        checksums: wantsChecksums(input),
      }),
    }
  } catch (error) {
    // The client never learns this file's id, so the reserved quota must not wait for the sweep.
    await discard(file.id).catch((error) =>
      log.warn({ error }, "an upload that could not start is left to the sweep"),
    )
    throw error
  }
}

// No client has seen this file or a URL for it, so it needs no audit entry and no waiting time.
async function discard(id: string) {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE object SET put_expires_at = clock_timestamp() WHERE file_id = ${id}::uuid`
    await removeFile(tx, sql`id = ${id}::uuid`)
  })
  await releaseDeleted(id)
}

/**
 * In a store that overwrites, a repeated PUT could later change a ready file; the URL of a part
 * cannot.
 */
const fitsOnePut = async ({ size }: FileInput) =>
  size <= SINGLE_PUT_BYTES && (await refusesOverwrite())

const wantsChecksums = ({ partChecksums }: FileInput) => partChecksums ?? false

type NewObject = { key: string; partSize: number | null; colour: string | null }

/**
 * Inserts the rows before anything reaches the store. A PUT is signed with the returned time, so
 * its URL ends at `put_expires_at`.
 */
async function reserve(owner: MemberId, input: FileInput, { key, partSize, colour }: NewObject) {
  const { name, size, contentType, path = "", sha256 = null, fingerprint = null } = input
  const [file] = await db.$queryRaw<(FileRow & { signedAt: Date })[]>`
    WITH reserved AS (
      ${reserveQuota(owner, size)}
    ), started AS (
      INSERT INTO file (id, owner_id, name, path, size, content_type, sha256, fingerprint)
      SELECT ${newId()}::uuid, id, ${name}, ${path}, ${size}::bigint, ${contentType},
        ${sha256}, ${fingerprint}
      FROM reserved
      RETURNING *
    ), written AS (
      INSERT INTO object (key, file_id, part_size, checksums, colour, put_expires_at)
      SELECT ${key}, id, ${partSize}::bigint, ${wantsChecksums(input)}, ${colour},
        statement_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int)
      FROM started
    )
    SELECT ${fileColumns}, statement_timestamp() AS "signedAt" FROM started AS file`
  if (!file) throw await notReserved(owner, input)
  return file
}

type Transfer = Omit<NewObject, "colour"> & { signedAt: Date; checksums: boolean }

async function startTransfer(
  { size, contentType, sha256 }: FileView,
  { key, partSize, signedAt, checksums }: Transfer,
): Promise<UploadView> {
  if (partSize === null) {
    const put = await presignPut({
      key,
      size,
      contentType,
      signedAt,
      sha256: sha256 ?? undefined,
    })
    return { method: "put", ...put }
  }
  const begun = await beginMultipart({ key, contentType, uploadId: null, checksums })
  const partCount = partCountOf({ size, partSize })
  return { method: "multipart", partSize, partCount, checksums: begun.checksums }
}
