import "server-only"
import { rawSql, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { type ReaderOf, readersOf } from "#lib/rooms/accounts/profile/notices.ts"
import { stillShown } from "#lib/rooms/files/name-shares.ts"
import { MAX_TAKERS, type Notice } from "#lib/rooms/mail/mail.ts"
import { reopeningOf } from "#lib/rooms/questions/question.ts"
import { waitsForName } from "#lib/rooms/requests/read-requests.ts"
import { readSettings } from "#lib/rooms/settings/read-settings.ts"
import { isUsable, type ShareStatus } from "#lib/rooms/shares/share.ts"
import {
  claimsOf,
  endOfShare,
  nameOf,
  opensWithFiles,
  statusOf,
  viewersOf,
} from "#lib/rooms/shares/share-sql.ts"

/** A notice needs this many wrong passwords or codes. Fewer are probably a recipient's mistakes. */
const MIN_GUESSES = 5

/** A mail has what at most this many visitors wrote. */
const MAX_NOTES = 3

/** A notice for one of the people who get those of the share's owner. */
export type OwnedNotice = ReaderOf & { ownerId: string; notice: Notice }

type Row = ReaderOf & {
  ownerId: string
  what: Notice["what"]
  shareId: string
  share: string
  /** The number of files besides the named one. */
  more: number
  count: number
  at: Date
  bytes: number | null
  senders: number | null
  takers: string[]
  isRequest: boolean
  notes: string[]
  status: ShareStatus
  maxDownloads: number | null
  downloads: number
  viewOnly: boolean
}

/** In SQL: whether an event is a claim that downloaded files. */
const isDownload = sql`event.kind = 'claim' AND event.file_ids IS DISTINCT FROM '{}'`

/** In SQL: the number of claims of a share s that downloaded files. */
const downloads = rawSql(`(${claimsOf("s")} - ${viewersOf("s", claimsOf("s"))})`)

/**
 * Finds the notices for the time from `since` to `until`, and records them, so that a share's first
 * download is reported only once, what came in, was held or downloaded at most once an hour, and
 * anything else at most once a day. Skips owners and shares with notices turned off.
 */
export async function findNotices(tx: Tx, since: string, until: string): Promise<OwnedNotice[]> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH happened AS MATERIALIZED (
      SELECT share_id, count(*) FILTER (WHERE kind = 'unlock_failed')::int AS guesses,
        count(*) FILTER (WHERE ${isDownload})::int AS downloads,
        min(at) FILTER (WHERE ${isDownload}) AS downloaded_at,
        max(at) FILTER (WHERE ${isDownload}) AS last_downloaded_at,
        max(at) FILTER (WHERE kind = 'unlock_failed') AS guessed_at
      FROM event
      WHERE at >= ${since}::timestamptz AND at < ${until}::timestamptz
        AND kind IN ('claim', 'unlock_failed')
      GROUP BY share_id
    ), found AS (
      -- A claim is counted in the statement that writes its event, so all claims are this recent
      -- exactly if none was counted before.
      SELECT s.id AS share_id, 'first_download' AS what, 0 AS count, downloaded_at AS at,
        NULL::float8 AS bytes, NULL::int AS senders
      FROM happened JOIN share s ON s.id = happened.share_id
      WHERE downloaded_at IS NOT NULL AND NOT s.every_download AND ${downloads} <= (
        SELECT count(*) FROM event
        WHERE event.share_id = s.id AND at >= ${since}::timestamptz AND ${isDownload})
      UNION ALL
      SELECT s.id, 'downloaded', happened.downloads, last_downloaded_at, NULL, NULL
      FROM happened JOIN share s ON s.id = happened.share_id
      WHERE happened.downloads > 0 AND s.every_download
      UNION ALL
      SELECT s.id, 'guessing', guesses, guessed_at, NULL, NULL
      FROM happened JOIN share s ON s.id = happened.share_id
      WHERE guesses >= ${MIN_GUESSES} AND (s.password_hash IS NOT NULL OR EXISTS (
          SELECT FROM link WHERE link.share_id = s.id AND verify AND link.revoked_at IS NULL))
        AND (${rawSql(opensWithFiles("s"))} OR ${rawSql(statusOf("s"))} = 'open' AND s.share_kind = 'request')
      UNION ALL
      SELECT * FROM (${requests(sql`
        at >= ${since}::timestamptz AND at < ${until}::timestamptz`)}) AS requested
      WHERE NOT EXISTS (SELECT FROM share_notice told WHERE told.share_id = requested.share_id
        AND told.kind = requested.what AND told.at >= requested.at)
      UNION ALL
      ${cameIn({ since, until, what: "received", at: RECEIVED_AT, which: receivedSince(since) })}
      UNION ALL
      ${cameIn({ since, until, what: "held", at: sql`file.held_at`, which: sql`status = 'held'` })}
      UNION ALL
      SELECT s.id, 'expires_unused', 0, s.expires_at, NULL, NULL FROM share s
      WHERE ${rawSql(endOfShare("s"))} > ${until}::timestamptz
        AND ${rawSql(endOfShare("s"))} <= ${until}::timestamptz + interval '1 day'
        AND s.created_at < s.expires_at - interval '2 days' AND NOT s.view_only
        AND ${rawSql(statusOf("s"))} = 'open' AND ${rawSql(opensWithFiles("s"))}
        AND ${downloads} = 0
    ), wanted AS MATERIALIZED (${wanted(sql`SELECT * FROM found`)}), noted AS (
      INSERT INTO share_notice (share_id, kind, at)
      SELECT share_id, what, ${until}::timestamptz FROM wanted
      ON CONFLICT (share_id, kind) DO UPDATE SET at = excluded.at
        WHERE share_notice.kind IN ('access_requested', 'received', 'held', 'downloaded') OR share_notice.kind <> 'first_download'
          AND share_notice.at <= excluded.at - interval '1 day'
      RETURNING share_id, kind
    )
    ${wantedAndNoted(sql`ARRAY(
      SELECT coalesce(link.recipient, '') FROM event LEFT JOIN link ON link.id = event.link_id
      WHERE event.share_id = s.id AND event.at >= ${since}::timestamptz
        AND event.at < ${until}::timestamptz AND ${isDownload}
        AND wanted.what IN ('first_download', 'downloaded')
      GROUP BY event.link_id, link.recipient ORDER BY min(event.at)
      LIMIT CASE wanted.what WHEN 'first_download' THEN 1 ELSE ${MAX_TAKERS + 2} END)`)}`
  return toNotices(rows)
}

/**
 * Finds the notice of the access requests for a share and records it: the first is sent at once,
 * those of the next hour are left to findNotices. Skips owners and shares without notices.
 */
export async function findRequests(tx: Tx, shareId: string): Promise<OwnedNotice[]> {
  const rows = await tx.$queryRaw<Row[]>`
    WITH wanted AS MATERIALIZED (${wanted(requests(sql`share_id = ${shareId}::uuid`))}), noted AS (
      INSERT INTO share_notice (share_id, kind, at) SELECT share_id, what, at FROM wanted
      ON CONFLICT (share_id, kind) DO UPDATE SET at = excluded.at
        WHERE share_notice.at <= excluded.at - interval '1 hour'
      RETURNING share_id, kind
    )
    ${wantedAndNoted(sql`'{}'::text[]`)}`
  return toNotices(rows)
}

/** In SQL: the open access requests that match, by share. Those for an admin are left out. */
const requests = (which: Sql) => sql`
  SELECT s.id AS share_id, 'access_requested' AS what, s.open_questions AS count, asked.at,
    NULL::float8 AS bytes, NULL::int AS senders
  FROM (
    SELECT share_id, max(at) AS at FROM question
    WHERE ${which} AND answered_at IS NULL GROUP BY share_id
  ) asked JOIN share s ON s.id = asked.share_id
  WHERE s.open_questions > 0 AND NOT s.revoked_by_admin`

const waits = rawSql(waitsForName("request", "delivery"))

/** In SQL: when a file counts as received. A sender may give a required name until the end. */
const RECEIVED_AT = sql`CASE WHEN ${waits} THEN NULL
  WHEN request.fields->>'name' = 'required' THEN greatest(file.ready_at, delivery.done_at)
  ELSE file.ready_at END`

/** In SQL: whether a file may have been received since an hour before; finds them by an index. */
const receivedSince = (since: string) => sql`file.ready_at IS NOT NULL AND file.id IN (
  SELECT id FROM file WHERE ready_at >= ${since}::timestamptz - interval '1 hour'
  UNION SELECT file.id FROM delivery JOIN file ON file.delivery_id = delivery.id
  WHERE done_at >= ${since}::timestamptz - interval '1 hour')`

type CameIn = {
  since: string
  until: string
  what: "received" | "held"
  /** SQL: when it happened to the row file, and which files are meant. */
  at: Sql
  which?: Sql
}

/**
 * In SQL: what came in, or was held, for each request since its last notice of this kind, which was
 * an hour ago or longer. The minute is that by which a run may be late.
 */
const cameIn = ({ since, until, what, at, which = sql`true` }: CameIn) => sql`
  SELECT s.id, ${what}::text, count(*)::int, max(${at}), sum(file.size)::float8,
    count(DISTINCT delivery.id)::int
  FROM file JOIN delivery ON delivery.id = file.delivery_id
    JOIN request ON request.share_id = delivery.share_id AND request.deleted_at IS NULL
    JOIN share s ON s.id = request.share_id
    LEFT JOIN share_notice told ON told.share_id = s.id AND told.kind = ${what}
  WHERE ${at} >= ${since}::timestamptz - interval '1 hour'
    AND ${at} >= coalesce(told.at, ${since}::timestamptz)
    AND ${at} < ${until}::timestamptz AND file.deleted_at IS NULL AND ${which}
    AND (told.at IS NULL OR told.at <= ${until}::timestamptz - interval '59 minutes')
  GROUP BY s.id`

/** In SQL: what was found about shares, with their names and owners, where notices are on. */
const wanted = (found: Sql) => sql`
  SELECT found.*, s.share_kind = 'request' AS is_request, s.owner_id,
    ${rawSql(nameOf("s"))} AS name, CASE WHEN s.title = '' THEN greatest(0, (
      SELECT count(*)::int - 1 FROM share_file JOIN file ON file.id = share_file.file_id
      WHERE share_id = s.id AND removed_at IS NULL AND ${stillShown})) ELSE 0 END AS more
  FROM (${found}) AS found
  JOIN share s ON s.id = found.share_id
  WHERE s.notices AND EXISTS ${readersOf("s.owner_id")}`

/** In SQL: the rows that were recorded, with the recipients who downloaded. */
const wantedAndNoted = (takers: Sql) => sql`
  SELECT wanted.owner_id::text AS "ownerId", reader.*, what, share_id::text AS "shareId", name AS share,
    more, count, wanted.at, bytes, senders, ${takers} AS takers,
    is_request AS "isRequest", ARRAY(
      SELECT note FROM question
      WHERE what = 'access_requested' AND question.share_id = s.id AND answered_at IS NULL AND note <> ''
      ORDER BY question.at DESC, question.id DESC LIMIT ${MAX_NOTES}) AS notes,
    ${rawSql(statusOf("s"))} AS status, s.max_downloads AS "maxDownloads",
    ${rawSql(claimsOf("s"))}::int AS downloads, s.view_only AS "viewOnly"
  FROM wanted JOIN noted USING (share_id) JOIN share s ON s.id = share_id
    CROSS JOIN LATERAL ${readersOf("wanted.owner_id")} AS reader
  WHERE noted.kind = wanted.what
  ORDER BY wanted.owner_id, "readerId", wanted.at, share_id, what`

async function toNotices(rows: Row[]): Promise<OwnedNotice[]> {
  if (rows.length === 0) return []
  const { maxShareDays } = await readSettings()
  return rows.map((row) => toNotice(row, maxShareDays))
}

function toNotice(row: Row, maxShareDays: number | null): OwnedNotice {
  const { ownerId, readerId, email, language, team, share, at, notes, takers, ...rest } = row
  const { status, maxDownloads, downloads, viewOnly, ...notice } = rest
  // A share that opens lacks files, which no press adds.
  const isAnswered = notice.what === "access_requested" && !isUsable(status)
  const reopening = isAnswered
    ? { ...reopeningOf({ status, maxDownloads, downloads }, maxShareDays), viewOnly }
    : null
  return {
    ownerId,
    readerId,
    email,
    language,
    team: team && { ...team, name: plainName(team.name) },
    notice: {
      ...notice,
      share: plainName(share),
      takers: takers.map(plainName),
      at: at.toISOString(),
      notes,
      reopening,
    },
  }
}
