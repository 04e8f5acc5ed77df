import "server-only"
import { rawSql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { Notice } from "#lib/rooms/mail/mail.ts"
import { claimsOf, opensWithFiles, statusOf, viewersOf } from "#lib/rooms/shares/share-sql.ts"

/** A notice needs this many wrong passwords. Fewer are probably a recipient's mistakes. */
const MIN_GUESSES = 5

export type OwnedNotice = {
  ownerId: string
  email: string
  language: string | null
  notice: Notice
}

type Row = {
  ownerId: string
  email: string
  language: string | null
  what: Notice["what"]
  shareId: string
  share: string
  count: number
  at: Date
}

/** In SQL: the claims of a share s with which files were downloaded. */
const downloads = rawSql(`(${claimsOf("s")} - ${viewersOf("s", claimsOf("s"))})`)

/**
 * Finds the notices for the time from `since` to `until`, and records them, so that a share's first
 * download is reported only once, and anything else at most once a day. Skips owners and shares
 * with notices turned off.
 */
export async function findNotices(tx: Tx, since: string, until: string): Promise<OwnedNotice[]> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH happened AS MATERIALIZED (
      SELECT share_id, count(*) FILTER (WHERE kind = 'unlock_failed')::int AS guesses,
        min(at) FILTER (WHERE kind = 'claim' AND file_ids IS DISTINCT FROM '{}') AS downloaded_at,
        max(at) FILTER (WHERE kind = 'unlock_failed') AS guessed_at
      FROM event
      WHERE at >= ${since}::timestamptz AND at < ${until}::timestamptz
        AND kind IN ('claim', 'unlock_failed')
      GROUP BY share_id
    ), found AS (
      -- A claim is counted in the statement that writes its event, so all claims are this recent
      -- exactly if none was counted before.
      SELECT s.id AS share_id, 'first_download' AS what, 0 AS count, downloaded_at AS at
      FROM happened JOIN share s ON s.id = happened.share_id
      WHERE downloaded_at IS NOT NULL AND ${downloads} <= (
        SELECT count(*) FROM event WHERE event.share_id = s.id AND at >= ${since}::timestamptz
          AND kind = 'claim' AND file_ids IS DISTINCT FROM '{}')
      UNION ALL
      SELECT s.id, 'guessing', guesses, guessed_at
      FROM happened JOIN share s ON s.id = happened.share_id
      WHERE guesses >= ${MIN_GUESSES} AND s.password_hash IS NOT NULL
        AND ${rawSql(opensWithFiles("s"))}
      UNION ALL
      SELECT s.id, 'access_requested', s.open_questions, asked.at
      FROM (
        SELECT share_id, max(at) AS at FROM question
        WHERE at >= ${since}::timestamptz AND at < ${until}::timestamptz AND answered_at IS NULL
        GROUP BY share_id
      ) asked JOIN share s ON s.id = asked.share_id
      WHERE s.open_questions > 0 AND NOT s.revoked_by_admin
      UNION ALL
      SELECT s.id, 'expires_unused', 0, s.expires_at FROM share s
      WHERE s.expires_at > ${until}::timestamptz
        AND s.expires_at <= ${until}::timestamptz + interval '1 day'
        AND s.created_at < s.expires_at - interval '2 days' AND NOT s.view_only
        AND ${rawSql(statusOf("s"))} = 'open' AND ${rawSql(opensWithFiles("s"))}
        AND ${downloads} = 0
    ), wanted AS MATERIALIZED (
      SELECT found.*, owner.id AS owner_id, owner.email, owner.language,
        coalesce(nullif(s.title, ''), nullif(s.first_name, ''), '') AS name
      FROM found JOIN share s ON s.id = found.share_id JOIN member owner ON owner.id = s.owner_id
      WHERE s.notices AND owner.notices AND owner.disabled_at IS NULL AND owner.deleted_at IS NULL
    ), noted AS (
      INSERT INTO share_notice (share_id, kind, at)
      SELECT share_id, what, ${until}::timestamptz FROM wanted WHERE what <> 'access_requested'
      ON CONFLICT (share_id, kind) DO UPDATE SET at = excluded.at
        WHERE share_notice.kind <> 'first_download'
          AND share_notice.at <= excluded.at - interval '1 day'
      RETURNING share_id, kind
    )
    SELECT owner_id::text AS "ownerId", email, language, what, share_id::text AS "shareId", name AS share,
      count, at
    FROM wanted
    WHERE what = 'access_requested' OR EXISTS (
      SELECT FROM noted WHERE noted.share_id = wanted.share_id AND noted.kind = wanted.what)
    ORDER BY owner_id, at, share_id, what`
  return rows.map(({ ownerId, email, language, share, at, ...row }) => ({
    ownerId,
    email,
    language,
    notice: { ...row, share: plainName(share), at: at.toISOString() },
  }))
}
