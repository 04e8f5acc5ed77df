import "server-only"
import { randomBytes } from "node:crypto"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { env } from "#lib/env.ts"
import { Refusal } from "#lib/errors.ts"
import { formatBytes } from "#lib/format-bytes.ts"
import { PUT_TTL_SECONDS, presignPut } from "#lib/storage.ts"
import { newId } from "#lib/uuid.ts"
import { type FileInput, type FileView, MAX_SINGLE_PUT_BYTES, type UploadView } from "./file.ts"
import { type FileRow, fileColumns, toFileView } from "./file-view.ts"
import { readUsage } from "./read-usage.ts"

/**
 * Reserves the file's size in the member's quota, records the file and its object, and signs the
 * PUT that brings the bytes. Refuses `too_large` and `quota_exceeded`; a refusal reserves nothing.
 */
export async function startUpload(
  owner: MemberId,
  input: FileInput,
): Promise<{ file: FileView; upload: UploadView }> {
  refuseTooLarge(input)
  const { name, size, contentType, path = "", sha256 = null, fingerprint = null } = input
  const key = `o/${randomBytes(20).toString("hex")}`
  const quota = env.DEFAULT_QUOTA_BYTES ?? null
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
      INSERT INTO object (key, file_id, put_expires_at)
      SELECT ${key}, id, clock_timestamp() + make_interval(secs => ${PUT_TTL_SECONDS}::int)
      FROM started
    )
    SELECT ${fileColumns} FROM started AS file`
  if (!file) throw await quotaRefusal(owner, input)

  const put = await presignPut({ key, size, contentType })
  return { file: toFileView(file), upload: { method: "put", ...put } }
}

function refuseTooLarge({ name, size }: FileInput) {
  const maxBytes = Math.min(env.MAX_FILE_BYTES, MAX_SINGLE_PUT_BYTES)
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
