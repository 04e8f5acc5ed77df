import "server-only"
import { z } from "zod"
import { db, rawSql } from "#lib/adapters/database.ts"
import { credentialsExpireAt, presignGet } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import type { FileView } from "#lib/rooms/files/file.ts"
import { type FileRow, fileColumns, toFileView } from "#lib/rooms/files/file-columns.ts"
import { fileIdOrRefuse, requireFile } from "#lib/rooms/files/require-file.ts"

/** The maximum number of missing thumbnails that one visit draws. */
export const MOST_MISSING = 50
/** Older files are skipped: their tab failed, or no browser can draw them. */
const DAYS = 30
/** How long the tab that uploaded a file has to draw it. */
const DRAWN_SECONDS = 60
/** How long a URL works. It is used at once. */
const READ_SECONDS = 60

/** In SQL: whether a file has a kind of which thumbnails are made; see hasThumbnail. */
const CAN_HAVE_ONE = rawSql(`file.content_type ~* '^(image/(?!svg)|video/)'`)

/**
 * Lists the owner's pictures and videos of the last 30 days without a thumbnail, newest first: the
 * tab that uploaded them was closed too early.
 */
export async function listMissingThumbnails(owner: MemberId): Promise<FileView[]> {
  const rows = await db.$queryRaw<FileRow[]>`
    SELECT ${fileColumns} FROM file
    WHERE owner_id = ${owner}::uuid AND deleted_at IS NULL AND status = 'ready'
      AND created_at > statement_timestamp() - make_interval(days => ${DAYS}::int)
      AND ready_at < statement_timestamp() - make_interval(secs => ${DRAWN_SECONDS}::int)
      AND thumbnail_key IS NULL AND ${CAN_HAVE_ONE}
    ORDER BY created_at DESC, id DESC LIMIT ${MOST_MISSING}`
  return rows.map(toFileView)
}

export const PictureSource = z.strictObject({ url: z.url() })
export type PictureSource = z.infer<typeof PictureSource>

type Row = { key: string; colour: string | null; name: string; contentType: string; now: Date }

/**
 * Signs a URL from which the owner's browser draws a missing thumbnail. A cut off ends it like
 * those of visitors. Refuses not_found, (conflict) a file that is not ready or needs no thumbnail,
 * and (unavailable) while the store's credentials end.
 */
export async function readPicture(owner: MemberId, id: string): Promise<PictureSource> {
  const fileId = fileIdOrRefuse(id)
  const credentialsEnd = await credentialsExpireAt()
  const [row] = await db.$queryRaw<Row[]>`
    UPDATE object SET read_until = greatest(read_until,
      statement_timestamp() + make_interval(secs => ${READ_SECONDS + 1}::int))
    FROM file
    WHERE file.id = ${fileId}::uuid AND file.owner_id = ${owner}::uuid AND file.deleted_at IS NULL
      AND file.status = 'ready' AND file.thumbnail_key IS NULL AND ${CAN_HAVE_ONE}
      AND object.key = file.object_key AND object.state = 'live'
    RETURNING object.key, object.colour, file.name, file.content_type AS "contentType",
      statement_timestamp() AS now`
  if (!row) {
    const { name } = await requireFile(owner, fileId)
    throw refusal("conflict", "thumbnail_kind", { name })
  }
  const { now, ...object } = row
  const signedAt = new Date(Math.floor(Number(now) / 1_000) * 1_000)
  const secondsLeft = credentialsEnd
    ? (Number(credentialsEnd) - Number(signedAt)) / 1_000 - 5
    : READ_SECONDS
  const expiresInSeconds = Math.floor(Math.min(READ_SECONDS, secondsLeft))
  if (expiresInSeconds < 1) throw refusal("unavailable", "storage")
  const url = await presignGet({
    ...object,
    claim: newId(),
    disposition: "inline",
    expiresInSeconds,
    signedAt,
  })
  return { url }
}
