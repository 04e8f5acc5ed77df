import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, noSql, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { linkToken } from "#lib/adapters/secrets.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { type CutOffRow, selectCutOff, toCutOffView } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { notScanned } from "#lib/rooms/files/file-columns.ts"
import { stillShown } from "#lib/rooms/files/name-shares.ts"
import type { AdminShareView, ShareView } from "#lib/rooms/shares/share.ts"
import {
  claimsOf,
  nameOf,
  openToOf,
  statusOf,
  versionOf,
  viewersOf,
} from "#lib/rooms/shares/share-sql.ts"

const FILES_IN_LISTS = 3

/** SQL: the share s contains a file of a cut off, which may be about many shares. */
const ofShare = sql`EXISTS (
  SELECT FROM share_file WHERE share_file.share_id = s.id AND share_file.file_id = c.file_id)`

type Selection = {
  /** A condition on a share called s. */
  where: Sql
  limit?: number
  /** The order of shares called s. The default is newest first. */
  order?: Sql
  /** The position of a share in this order. */
  place?: Sql
  files: "first" | "all"
}

/** A share as in its owner's view, without the values that are not columns. */
export type ShareRow = Omit<AdminShareView, "url" | "mintTtlSeconds" | "revokedBy" | "cutOff"> & {
  place: string
  publicId: Uint8Array | null
  mintTtlSeconds: number | null
  revokedByAdmin: boolean
  revokerName: string | null
  cutOff: CutOffRow | null
  openQuestions: number
}

const time = (column: string) => rawSql(timeText(column))

const NEWEST_FIRST = sql`s.created_at DESC, s.id DESC`

/** Reads shares with their counts and files, in one statement for any number. */
export async function readShares({
  where,
  limit,
  order = NEWEST_FIRST,
  place = sql`''`,
  files,
}: Selection): Promise<ShareRow[]> {
  return db.$queryRaw`
    WITH s AS MATERIALIZED (
      SELECT s.*, ${rawSql(statusOf("s"))} AS status, ${rawSql(claimsOf("s"))}::float8 AS claims
      FROM share s
      WHERE ${where}
      ORDER BY ${order}
      ${limit === undefined ? noSql : sql`LIMIT ${limit}`}
    )
    SELECT s.id, ${place} AS place,
      link.public_id AS "publicId", ${rawSql(openToOf("s"))} AS "openTo", ${rawSql(versionOf("s", "s.status"))} AS version, s.title, ${rawSql(nameOf("s"))} AS name,
      s.message, s.status,
      listed.files, held.file_count AS "fileCount", held.total_bytes AS "totalBytes",
      held.arriving_count AS "arrivingFileCount", held.abandoned_count AS "abandonedFileCount",
      held.deleted_count AS "deletedFileCount",
      ${time("s.starts_at")} AS "startsAt", ${time("s.expires_at")} AS "expiresAt", s.max_downloads AS "maxDownloads",
      s.password_hash IS NOT NULL AS "hasPassword", s.direct, s.preview, s.view_only AS "viewOnly",
      s.watermark, s.notices, s.every_download AS "everyDownload", s.mint_ttl_seconds AS "mintTtlSeconds",
      counted.views, counted.bot_views AS "botViews", counted.previews, s.claims AS downloads,
      ${rawSql(viewersOf("s", "s.claims"))} AS viewers,
      ${time("s.created_at")} AS "createdAt", ${time("s.revoked_at")} AS "revokedAt",
      s.revoked_by_admin AS "revokedByAdmin", revoker.name AS "revokerName",
      s.revoke_reason AS "revokeReason",
      CASE WHEN s.minted AND s.exposed_until > statement_timestamp()
        THEN ${time("s.exposed_until")} END AS "exposedUntil",
      ${selectCutOff(sql`s.cut_off_id`, ofShare)} AS "cutOff", s.open_questions AS "openQuestions",
      json_build_object('id', owner.id, 'name', owner.name, 'email', owner.email) AS owner
    FROM s
    JOIN member owner ON owner.id = s.owner_id
    LEFT JOIN member revoker ON revoker.id = s.revoked_by_id
    LEFT JOIN link ON link.share_id = s.id AND link.open AND link.revoked_at IS NULL
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(views), 0)::float8 AS views, coalesce(sum(bot_views), 0)::float8 AS bot_views,
        coalesce(sum(previews), 0)::float8 AS previews
      FROM share_counter WHERE share_id = s.id
    ) counted
    CROSS JOIN LATERAL (
      SELECT (count(*) FILTER (WHERE ${stillShown}))::int AS file_count,
        coalesce(sum(size) FILTER (WHERE deleted_at IS NULL), 0)::float8 AS total_bytes,
        (count(*) FILTER (WHERE deleted_at IS NULL AND status IN ('uploading', 'checking')))::int AS arriving_count,
        (count(*) FILTER (WHERE status = 'abandoned'))::int AS abandoned_count,
        (count(*) FILTER (WHERE NOT ${stillShown}))::int AS deleted_count
      FROM share_file JOIN file ON file.id = share_file.file_id
      WHERE share_id = s.id AND removed_at IS NULL
    ) held
    CROSS JOIN LATERAL (
      SELECT coalesce(json_agg(json_build_object(
        'id', id, 'name', name, 'path', path, 'size', size, 'contentType', content_type,
        'status', status, 'heldFor', CASE WHEN status = 'held' THEN held_for END,
        'notScanned', ${rawSql(notScanned("file"))}, 'sha256', sha256, 'sha256Verified', sha256_verified,
        'fingerprint', CASE WHEN status = 'uploading' THEN fingerprint END,
        'hasThumbnail', thumbnail_key IS NOT NULL, 'createdAt', ${time("created_at")}
      ) ORDER BY position), '[]') AS files
      FROM (
        SELECT file.*, position FROM share_file JOIN file ON file.id = share_file.file_id
        WHERE share_id = s.id AND removed_at IS NULL AND ${stillShown}
        ORDER BY position ${files === "first" ? sql`LIMIT ${FILES_IN_LISTS}` : noSql}
      ) file
    ) listed
    ORDER BY ${order}`
}

export const toAdminShareView = (row: ShareRow): AdminShareView => ({
  ...toShareView(row),
  owner: { ...row.owner, name: plainName(row.owner.name) },
})

export function toShareView(row: ShareRow): ShareView {
  const { place, publicId, revokedByAdmin, revokerName, openQuestions, owner, ...share } = row
  return {
    ...share,
    url: publicId && `${configuration.APP_URL}/s/${linkToken(publicId)}`,
    mintTtlSeconds: share.mintTtlSeconds ?? configuration.MINT_TTL_SECONDS,
    revokedBy: share.revokedAt
      ? { name: plainName(revokerName ?? ""), admin: revokedByAdmin }
      : null,
    cutOff: toCutOffView(share.cutOff),
  }
}
