import "server-only"
import { randomBytes } from "node:crypto"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { log } from "#lib/log.ts"
import { settings } from "#lib/settings.ts"
import { PUT_TTL_SECONDS, presignPut, refusesOverwrite } from "#lib/storage.ts"
import { newId } from "#lib/uuid.ts"
import { beginParts } from "./begin-parts.ts"
import { deleteFile } from "./delete-file.ts"
import { type FileInput, type FileView, SINGLE_PUT_BYTES, type UploadView } from "./file.ts"
import { type FileRow, fileColumns, toFileView } from "./file-view.ts"
import { partCountOf, partSizeOf } from "./part-sizes.ts"
import { readUsage } from "./read-usage.ts"

/**
 * Reserves the file's size in the member's quota, records the file and its object, and opens the
 * way for the bytes: one signed PUT, or an upload in parts. Refuses `too_large` and
 * `quota_exceeded`; a refusal reserves nothing.
 */
export async function startUpload(
  owner: MemberId,
  input: FileInput,
): Promise<{ file: FileView; upload: UploadView }> {
  refuseTooLarge(input)
  const key = `o/${randomBytes(20).toString("hex")}`
  const partSize = (await comesInOnePut(input)) ? null : partSizeOf(input.size)
  const file = toFileView(await reserve(owner, input, { key, partSize }))
  try {
    return { file, upload: await open(file, { key, partSize, checksums: wantsChecksums(input) }) }
  } catch (error) {
    // Nobody hears of this file, so it must not wait for the sweep with a part of the quota.
    await deleteFile(owner, file.id).catch((error) =>
      log.warn({ error }, "an upload that could not begin is left to the sweep"),
    )
    throw error
  }
}

/** Where the store would overwrite, a kept PUT could change a file that is ready; the address of a part cannot. */
const comesInOnePut = async ({ size }: FileInput) =>
  size <= SINGLE_PUT_BYTES && (await refusesOverwrite())

const wantsChecksums = ({ partChecksums }: FileInput) => partChecksums ?? false

type NewObject = { key: string; partSize: number | null }

/** Writes the rows before the store hears of the object. */
async function reserve(owner: MemberId, input: FileInput, { key, partSize }: NewObject) {
  const { name, size, contentType, path = "", sha256 = null, fingerprint = null } = input
  const quota = settings.DEFAULT_QUOTA_BYTES ?? null
  // The update's where clause is the lock on the quota: PostgreSQL asks it again after waiting for the row.
  const [file] = await db.$queryRaw<FileRow[]>`
    WITH reserved AS (
      UPDATE member SET used_bytes = used_bytes + ${size}::bigint
      WHERE id = ${owner}::uuid
        AND (coalesce(quota_bytes, ${quota}::bigint) IS NULL
          OR used_bytes + ${size}::bigint <= coalesce(quota_bytes, ${quota}::bigint))
      RETURNING id
    ), started AS (
      INSERT INTO file (id, owner_id, name, path, size, content_type, sha256, fingerprint)
      SELECT ${newId()}::uuid, id, ${name}, ${path}, ${size}::bigint, ${contentType},
        ${sha256}, ${fingerprint}
      FROM reserved
      RETURNING *
    ), written AS (
      INSERT INTO object (key, file_id, part_size, checksums, put_expires_at)
      SELECT ${key}, id, ${partSize}::bigint, ${wantsChecksums(input)},
        clock_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int)
      FROM started
    )
    SELECT ${fileColumns} FROM started AS file`
  if (!file) throw await quotaRefusal(owner, input)
  return file
}

async function open(
  { size, contentType, sha256 }: FileView,
  { key, partSize, checksums }: NewObject & { checksums: boolean },
): Promise<UploadView> {
  if (partSize === null) {
    const put = await presignPut({ key, size, contentType, sha256: sha256 ?? undefined })
    return { method: "put", ...put }
  }
  const begun = await beginParts({ key, contentType, uploadId: null, checksums })
  const partCount = partCountOf({ size, partSize })
  return { method: "multipart", partSize, partCount, checksums: begun.checksums }
}

function refuseTooLarge({ name, size }: FileInput) {
  const maxBytes = settings.MAX_FILE_BYTES
  if (size <= maxBytes) return
  const over = formatBytes(size - maxBytes)
  throw new Refusal(
    "too_large",
    `“${name}” is ${over} larger than a file may be here (${formatBytes(maxBytes)}).`,
    { field: "size" },
  )
}

async function quotaRefusal(owner: MemberId, { name, size }: FileInput) {
  const { usedBytes, quotaBytes } = await readUsage(owner)
  const left = Math.max((quotaBytes ?? 0) - usedBytes, 0)
  return new Refusal(
    "quota_exceeded",
    `“${name}” needs ${formatBytes(size)}, and ${formatBytes(left)} of your ${formatBytes(quotaBytes ?? 0)} are left: ${formatBytes(Math.max(size - left, 0))} are missing.`,
    { field: "size" },
  )
}
