import "server-only"

const COLUMNS = [
  "starts_at",
  "expires_at",
  "revoked_at",
  "max_downloads",
  "downloads",
  "password_version",
  "ticket_epoch",
  "direct",
  "mint_ttl_seconds",
  "max_ttl_seconds",
  "minted",
]

/** What decides whether a share opens, from a row of `share` called s. */
export const CONDITIONS = [
  "s.id AS share_id",
  "s.password_hash IS NOT NULL AS has_password",
  ...COLUMNS.map((column) => `s.${column}`),
].join(", ")

/** The same from a row that has them already. */
export const conditionsOf = (row: string) =>
  ["share_id", "has_password", ...COLUMNS].map((column) => `${row}.${column}`).join(", ")

/** `shareStatus` in SQL, over a row with the conditions and a `total`. claim.test.ts keeps the two in step. */
export const STATUS = `CASE
  WHEN revoked_at IS NOT NULL THEN 'revoked'
  WHEN expires_at <= statement_timestamp() THEN 'expired'
  WHEN total >= max_downloads THEN 'used_up'
  WHEN starts_at > statement_timestamp() THEN 'scheduled'
  ELSE 'open'
END`

/**
 * Whether a URL may be signed, apart from limit and password: open, and for a whole second more. A
 * signature lives for whole seconds, and must not outlive the share.
 */
export const OPEN = `revoked_at IS NULL
  AND (starts_at IS NULL OR starts_at <= statement_timestamp())
  AND (expires_at IS NULL OR expires_at >= date_trunc('second', statement_timestamp()) + interval '1 second')`

/** Whether the signer's credentials, of which a parameter says when they end or null, last long enough. */
export const signable = (parameter: number) => `($${parameter}::timestamptz IS NULL
  OR $${parameter}::timestamptz >= date_trunc('second', statement_timestamp()) + interval '6 seconds')`

/** Which of a share's counter rows to raise: several, so that none is hot. */
export const anyShard = () => Math.floor(Math.random() * 8)

/** All claims of a share: its own row plus the shards. Null without a limit, where nobody asks. */
export const total = (share: string) => `CASE WHEN ${share}.max_downloads IS NOT NULL THEN
  ${share}.downloads + (SELECT COALESCE(sum(c.downloads), 0) FROM share_counter c
                        WHERE c.share_id = ${share}.share_id) END`

/** From a share's id to its files and the objects that hold their bytes now. */
export const filesOf = (shareId: string) => `
  JOIN share_file sf ON sf.share_id = ${shareId}
  JOIN file f ON f.id = sf.file_id
  LEFT JOIN object o ON o.key = f.object_key AND o.state = 'live'`

/** A file whose bytes can be had. */
export const READY = "(f.status = 'ready' AND f.deleted_at IS NULL AND o.key IS NOT NULL)"

/** The files of the share in question; `condition` narrows them. Needs a row `found`. */
export const wanted = (condition: string) => `
  SELECT f.id AS file_id, f.name, f.content_type, f.size, f.status::text AS file_status,
         f.deleted_at IS NOT NULL AS deleted, o.key, sf.position, ${READY} AS is_ready
  FROM found ${filesOf("found.share_id")}
  WHERE ${condition}`

/** Whether a ticket (four parameters from `first` on: link, password version, epoch, end) still holds. */
export const ticketHolds = (first: number) => `COALESCE(l.id = $${first}::uuid
  AND s.password_version = $${first + 1}::int AND s.ticket_epoch = $${first + 2}::int
  AND $${first + 3}::timestamptz > statement_timestamp(), false)`

/** Whether an unlock proof (three parameters from `first` on: link, password version, end) holds. */
export const unlockHolds = (first: number) => `COALESCE(l.id = $${first}::uuid
  AND s.password_version = $${first + 1}::int AND $${first + 2}::timestamptz > statement_timestamp(), false)`

/**
 * Whether this visit has a counted claim (two parameters from `first` on: visit id, seconds a ticket
 * holds): its answer may have got lost, so the page stays open to it. Needs a row of link and share.
 */
export const visitClaimed = (first: number) => `EXISTS (
  SELECT FROM claim c WHERE c.link_id = l.id AND c.visit_id = $${first}::bytea || int4send(s.ticket_epoch)
    AND c.counted IS NOT NULL AND c.at > statement_timestamp() - make_interval(secs => $${first + 1}::int))`
