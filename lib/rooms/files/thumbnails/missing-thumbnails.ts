import "server-only"
import { z } from "zod"
import { db, noSql, rawSql, sql } from "#lib/adapters/database.ts"
import { presignGet } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/rooms/files/file-columns.ts"
import { grantReads } from "#lib/rooms/files/reads/grant-reads.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"

/** How many pictures are listed at once. */
export const MOST_MISSING = 50
/** Older files are skipped: their tab failed, or no browser can draw them. */
const DAYS = 30
/** How long the tab of a member who uploaded a file has to draw it. */
const DRAWN_SECONDS = 60
/** How long a URL works. It is used at once. */
const READ_SECONDS = 60

/** In SQL: whether a file has a kind of which thumbnails are made; see hasThumbnail. */
const CAN_HAVE_ONE = rawSql(`file.content_type ~* '^(image/(?!svg)|video/|application/pdf$)'`)

/**
 * Lists the owner's pictures, videos and PDFs of the last 30 days without a thumbnail, newest first, after
 * the file with an id: the tab that uploaded them was closed too early, or a guest sent them.
 */
export async function listMissingThumbnails(
  owner: OwnerId,
  { after }: { after?: string | undefined } = {},
): Promise<FileView[]> {
  const older = after
    ? sql`AND (created_at, id) < (SELECT created_at, id FROM file WHERE id = ${after}::uuid)`
    : noSql
  const rows = await db.$queryRaw<FileRow[]>`
    SELECT ${fileColumns} FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status = 'ready'
      AND created_at > statement_timestamp() - make_interval(days => ${DAYS}::int)
      AND (delivery_id IS NOT NULL
        OR ready_at < statement_timestamp() - make_interval(secs => ${DRAWN_SECONDS}::int))
      AND thumbnail_key IS NULL AND ${CAN_HAVE_ONE} ${older}
    ORDER BY created_at DESC, id DESC LIMIT ${MOST_MISSING}`
  return rows.map(toFileView)
}

export const PictureSource = z.strictObject({ url: z.url() })
export type PictureSource = z.infer<typeof PictureSource>

/**
 * Signs a URL from which the owner's browser draws a missing thumbnail. A cut off ends it like
 * those of visitors. Refuses not_found, (conflict) a file that is not ready or needs no thumbnail,
 * and (unavailable) while the store's credentials end.
 */
export async function readPicture(owner: OwnerId, id: string): Promise<PictureSource> {
  const fileId = fileIdOrRefuse(id)
  const { files, lifetime } = await grantReads(owner, {
    which: sql`file.id = ${fileId}::uuid AND file.thumbnail_key IS NULL AND ${CAN_HAVE_ONE}`,
    seconds: READ_SECONDS,
  })
  const [file] = files
  if (!file) {
    const { name } = await requireFile(owner, fileId)
    throw refusal("conflict", "thumbnail_kind", { name })
  }
  const url = await presignGet({ ...file, ...lifetime, claim: newId(), disposition: "inline" })
  return { url }
}
