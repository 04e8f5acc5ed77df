import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import { URL_EVENTS } from "#lib/rooms/cut-offs/cut-off.ts"
import { storeDelaySeconds } from "./store-delay.ts"

/** Longer than any transaction that removes files from a share. */
const LONGEST_TAKING_OUT_SECONDS = 60

type Of = {
  shares: Sql
  fileId?: string | null
  /** Leaves out the URLs of other links. */
  linkId?: string | null
  /** Leaves out URLs that ended before this time. */
  since: Sql
}

/**
 * In SQL: the URLs that were minted for shares, as rows (share_id, file_id, kind, minted_at,
 * out_until) for each file or thumbnail, with the time of the last mint and the time until which
 * its URL may work. An event without a file granted every file of its share, including files that
 * were removed since.
 */
export function liveUrls({ shares, fileId = null, linkId = null, since }: Of): Sql {
  const oneFile = fileId ? sql`(e.file_id IS NULL OR e.file_id = ${fileId}::uuid)` : sql`true`
  const ofLink = linkId ? sql`e.link_id = ${linkId}::uuid` : sql`true`
  const sharedFile = fileId ? sql`sf.file_id = ${fileId}::uuid` : sql`true`
  // Thousands of visitors may have clicked on one share, so its events are read once, and only
  // those within the lifetime of its URLs.
  return sql`
    SELECT s.id AS share_id, coalesce(granted.file_id, sf.file_id) AS file_id,
      granted.kind, granted.at AS minted_at, granted.at + lifetime AS out_until
    FROM (${shares}) AS chosen (share_id)
    JOIN share s ON s.id = chosen.share_id
    CROSS JOIN LATERAL (SELECT make_interval(secs => 1
      + greatest(s.max_ttl_seconds, coalesce(s.mint_ttl_seconds, ${configuration.MINT_TTL_SECONDS}::int))
      + ${storeDelaySeconds}) AS lifetime) AS longest
    CROSS JOIN LATERAL (
      SELECT e.file_id, max(e.at) AS at,
        CASE e.kind WHEN 'thumbnail' THEN 'thumbnail' ELSE 'file' END::object_kind AS kind
      FROM event e
      WHERE e.share_id = s.id AND e.kind IN ${rawSql(URL_EVENTS)} AND ${oneFile} AND ${ofLink}
        AND e.at > ${since} - lifetime
      GROUP BY e.file_id, 3
    ) AS granted
    LEFT JOIN share_file sf ON granted.file_id IS NULL AND sf.share_id = s.id AND ${sharedFile}
      AND (sf.removed_at IS NULL
        OR sf.removed_at > ${since} - lifetime - make_interval(secs => ${LONGEST_TAKING_OUT_SECONDS}))
    WHERE coalesce(granted.file_id, sf.file_id) IS NOT NULL`
}
