import "server-only"

/** A table of an export: its file's name, and a query whose column `row` is a JSON object. */
type ExportTable = { name: string; select: string }

type Selection = {
  /** The SQL condition that the column is the exported owner; `true` for all members. */
  of: (column: string) => string
  /** The columns that are not exported. */
  without: string
  /** Whether the tables of the whole installation are included. */
  whole: boolean
}

/**
 * Returns the tables of an export. The statements for one member take the member's id as $1. No
 * export contains sessions, hashes of tokens, keys or other data that only this installation can use,
 * and one member's contains no password hash.
 */
export function exportTables(member: "all" | "one"): ExportTable[] {
  const whole = member === "all"
  return tablesOf({
    whole,
    of: (column) => (whole ? "true" : `${column} = $1::uuid`),
    without: whole ? "'{}'::text[]" : "ARRAY['password_hash']",
  })
}

const sharesOf = (of: Selection["of"]) =>
  `share_id IN (SELECT id FROM share WHERE ${of("owner_id")})`

const tablesOf = ({ of, without, whole }: Selection): ExportTable[] => [
  {
    name: "members",
    select: `SELECT to_jsonb(member) - ARRAY['session_epoch', 'transfer_to'] - ${without} AS row
      FROM member WHERE ${of("id")} ORDER BY id`,
  },
  {
    name: "tokens",
    select: `SELECT to_jsonb(token) - 'hash' AS row FROM token WHERE ${of("member_id")} ORDER BY id`,
  },
  {
    name: "files",
    select: `SELECT to_jsonb(file) - ARRAY['fingerprint', 'cut_off_id', 'maybe_unshared', 'thumbnail_key']
        || jsonb_build_object('owner_email', member.email) AS row
      FROM file JOIN member ON member.id = file.owner_id WHERE ${of("file.owner_id")} ORDER BY file.id`,
  },
  {
    name: "shares",
    select: `SELECT to_jsonb(share) - ARRAY['cut_off_id', 'ticket_epoch', 'epoch_before_revoke', 'password_version',
          'rolled_views', 'first_name', 'at_limit', 'minted', 'max_ttl_seconds', 'other_claims', 'downloads']
        - ${without} || jsonb_build_object(
          'views', counted.views, 'bot_views', counted.bot_views, 'previews', counted.previews,
          'downloads', share.downloads + counted.downloads,
          'files', coalesce((SELECT jsonb_agg(jsonb_build_object('id', file_id, 'added_at', added_at,
              'removed_at', removed_at) ORDER BY position)
            FROM share_file WHERE share_file.share_id = share.id), '[]')) AS row
      FROM share CROSS JOIN LATERAL (
        SELECT coalesce(sum(views), 0) AS views, coalesce(sum(bot_views), 0) AS bot_views,
          coalesce(sum(previews), 0) AS previews, coalesce(sum(downloads), 0) AS downloads
        FROM share_counter WHERE share_counter.share_id = share.id
      ) AS counted WHERE ${of("owner_id")} ORDER BY id`,
  },
  {
    name: "requests",
    select: `SELECT to_jsonb(request) || jsonb_build_object('slugs', coalesce((SELECT jsonb_agg(slug)
        FROM request_slug WHERE request_slug.share_id = request.share_id AND left_at IS NULL), '[]')) AS row
      FROM request WHERE ${sharesOf(of)} ORDER BY share_id`,
  },
  {
    name: "deliveries",
    select: `SELECT to_jsonb(delivery) - 'network' AS row FROM delivery WHERE ${sharesOf(of)} ORDER BY id`,
  },
  {
    name: "links",
    select: `SELECT to_jsonb(link) || jsonb_build_object('public_id', encode(public_id, 'hex'),
          'kind', (SELECT share_kind FROM share WHERE share.id = share_id)) AS row
      FROM link WHERE ${sharesOf(of)} ORDER BY id`,
  },
  {
    name: "access-requests",
    select: `SELECT to_jsonb(question) - 'visitor' AS row FROM question WHERE ${sharesOf(of)} ORDER BY id`,
  },
  {
    name: "events",
    select: `SELECT to_jsonb(event) - 'visitor' AS row FROM event WHERE ${sharesOf(of)} ORDER BY at, id`,
  },
  {
    name: "audit",
    select: `SELECT to_jsonb(audit_entry) AS row FROM audit_entry WHERE ${of("actor_id")} ORDER BY at, id`,
  },
  ...(whole
    ? [
        {
          name: "settings",
          select: "SELECT to_jsonb(setting) AS row FROM setting ORDER BY name",
        },
        { name: "branding", select: "SELECT to_jsonb(branding) AS row FROM branding" },
      ]
    : []),
]
