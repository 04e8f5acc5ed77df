import "server-only"
import { isAllowed } from "#lib/policies/read-policies.ts"
import type { Ticket, Unlock } from "../visitor/visitor-cookies.ts"

const COLUMNS = [
  "starts_at",
  "expires_at",
  "revoked_at",
  "max_downloads",
  "downloads",
  "password_version",
  "ticket_epoch",
  "preview",
  "view_only",
  "mint_ttl_seconds",
  "max_ttl_seconds",
  "minted",
]

/** The columns that decide whether a share opens, from a row of `share` called s. */
export const CONDITIONS = [
  "s.id AS share_id",
  "s.password_hash IS NOT NULL AS has_password",
  // A policy of the admins switches direct links off for all shares at once.
  `s.direct AND ${isAllowed("directLinks")} AS direct`,
  ...COLUMNS.map((column) => `s.${column}`),
].join(", ")

/** The same columns of a row that was selected with CONDITIONS. */
export const conditionsOf = (row: string) =>
  ["share_id", "has_password", "direct", ...COLUMNS].map((column) => `${row}.${column}`).join(", ")

/**
 * Whether a row of `share` still is what a statement judged: what closes a share has not changed it
 * since. Both were selected with CONDITIONS.
 */
export const isUnchanged = (row: string, judged: string) => {
  const columnsOf = (name: string) =>
    ["revoked_at", "expires_at", "ticket_epoch", "preview", "view_only"]
      .map((column) => `${name}.${column}`)
      .join(", ")
  return `((${columnsOf(row)}) IS NOT DISTINCT FROM (${columnsOf(judged)}))`
}

/** When the signer's credentials end; null: never. */
export const CREDENTIALS = { credentialsEnd: "timestamptz | null" } as const

/** Whether the signer's credentials last long enough. */
export const SIGNABLE = `(:credentialsEnd IS NULL
  OR :credentialsEnd >= date_trunc('second', statement_timestamp()) + interval '6 seconds')`

/** The counter row of a share to raise, at random: several rows, so that none is hot. */
export const anyShard = () => Math.floor(Math.random() * 8)

// Each join looks up what the one before it found: OFFSET 0 keeps the planner from any other order.
// Without statistics, as in a new installation, it would start from the file and walk every share
// that holds it.

/** A link called l and its share called s. */
export const LINK = `link l
  CROSS JOIN LATERAL (SELECT * FROM share WHERE share.id = l.share_id OFFSET 0) AS s`

/**
 * Joins the files f of a share, sf; `fileId` is a condition on the id, such as "= :fileId". Up to
 * `most` of them.
 */
export const sharedFiles = (shareId: string, fileId?: string, most?: number) => `
  CROSS JOIN LATERAL (SELECT * FROM share_file WHERE share_file.share_id = ${shareId}
    AND share_file.removed_at IS NULL
    ${fileId ? `AND share_file.file_id ${fileId}` : ""}
    ${most ? `LIMIT ${most}` : "OFFSET 0"}) AS sf
  CROSS JOIN LATERAL (SELECT * FROM file WHERE file.id = sf.file_id OFFSET 0) AS f`

/** The same with the objects o that hold their bytes now, or another object of theirs. */
export const filesOf = (shareId: string, fileId?: string, key = "f.object_key") => `
  ${sharedFiles(shareId, fileId)}
  LEFT JOIN LATERAL (SELECT * FROM object
    WHERE object.key = ${key} AND object.state = 'live' OFFSET 0) AS o ON true`

/** Whether a file can be downloaded. */
export const READY = "(f.status = 'ready' AND f.deleted_at IS NULL AND o.key IS NOT NULL)"

/**
 * The files of the share of `found`: those whose id meets a condition, or all that are not deleted.
 */
export const wanted = (fileId?: string) => `
  SELECT f.id AS file_id, f.name, f.path, f.sha256, f.sha256_verified, f.content_type, f.size,
         f.status::text AS file_status,
         f.deleted_at IS NOT NULL AS deleted, o.key, o.colour, sf.position, ${READY} AS is_ready
  FROM found ${filesOf("found.share_id", fileId)}
  ${fileId ? "" : "WHERE f.deleted_at IS NULL"}`

/** The same for the thumbnails of the files, with their own sizes and types. */
export const wantedThumbnail = (fileId: string) => `
  SELECT f.id AS file_id, f.name, o.content_type, o.size, f.status::text AS file_status,
         f.deleted_at IS NOT NULL AS deleted, o.key, o.colour, sf.position, ${READY} AS is_ready
  FROM found ${filesOf("found.share_id", fileId, "f.thumbnail_key")}`

/** What an event stores about its visitor: a VisitorSource. */
export const SOURCE = {
  agent: "text | null",
  referrer: "text | null",
  visitor: "bytea | null",
} as const

export const TICKET_ALONE = {
  /** Whether a ticket without URLs will do, as a view-only share gives it. */
  ticketAlone: "boolean",
} as const

export const TICKET = {
  ticketLinkId: "uuid | null",
  ticketPasswordVersion: "int | null",
  ticketEpoch: "int | null",
  ticketExpiresAt: "timestamptz | null",
} as const

export const ticketValues = (ticket: Ticket | null) => ({
  ticketLinkId: ticket?.linkId ?? null,
  ticketPasswordVersion: ticket?.passwordVersion ?? null,
  ticketEpoch: ticket?.epoch ?? null,
  ticketExpiresAt: ticket?.expiresAt ?? null,
})

/** Where a condition finds one of its values: in a parameter, or in a row of many. */
type Place = (name: string) => string
const parameter: Place = (name) => `:${name}`

/** Whether the ticket holds, over a link called l and its share called s. */
export const ticketHolds = (of = parameter) => `COALESCE(l.id = ${of("ticketLinkId")}
  AND s.password_version = ${of("ticketPasswordVersion")} AND s.ticket_epoch = ${of("ticketEpoch")}
  AND ${of("ticketExpiresAt")} > statement_timestamp(), false)`

/** Whether the visitor may look at files: those of a limited share need a ticket. */
export const hasClaim = (found: string) => `(${found}.max_downloads IS NULL OR ${found}.holds)`

export const UNLOCK = {
  unlockLinkId: "uuid | null",
  unlockPasswordVersion: "int | null",
  unlockExpiresAt: "timestamptz | null",
} as const

export const unlockValues = (unlock: Unlock | null) => ({
  unlockLinkId: unlock?.linkId ?? null,
  unlockPasswordVersion: unlock?.passwordVersion ?? null,
  unlockExpiresAt: unlock?.expiresAt ?? null,
})

/** Whether the unlock cookie holds for a link id and password version, both SQL. */
export const unlockHolds = (
  linkId = "l.id",
  passwordVersion = "s.password_version",
  of = parameter,
) => `COALESCE(${linkId} = ${of("unlockLinkId")} AND ${passwordVersion} = ${of("unlockPasswordVersion")}
  AND ${of("unlockExpiresAt")} > statement_timestamp(), false)`

// The same of many clicks: as arrays, as the columns that unnest makes of these, and where
// ticketHolds and unlockHolds find them in a row.

export const TICKET_ARRAYS = {
  ticketLinkIds: "uuid[]",
  ticketPasswordVersions: "int[]",
  ticketEpochs: "int[]",
  ticketsExpireAt: "timestamptz[]",
} as const

export const ticketArrays = (tickets: (Ticket | null)[]) => ({
  ticketLinkIds: tickets.map((ticket) => ticket?.linkId ?? null),
  ticketPasswordVersions: tickets.map((ticket) => ticket?.passwordVersion ?? null),
  ticketEpochs: tickets.map((ticket) => ticket?.epoch ?? null),
  ticketsExpireAt: tickets.map((ticket) => ticket?.expiresAt ?? null),
})

export const TICKETS = `(SELECT :ticketLinkIds), (SELECT :ticketPasswordVersions),
  (SELECT :ticketEpochs), (SELECT :ticketsExpireAt)`

export const TICKET_COLUMNS = `"ticketLinkId", "ticketPasswordVersion", "ticketEpoch", "ticketExpiresAt"`

export const UNLOCK_ARRAYS = {
  unlockLinkIds: "uuid[]",
  unlockPasswordVersions: "int[]",
  unlocksExpireAt: "timestamptz[]",
} as const

export const unlockArrays = (unlocks: (Unlock | null)[]) => ({
  unlockLinkIds: unlocks.map((unlock) => unlock?.linkId ?? null),
  unlockPasswordVersions: unlocks.map((unlock) => unlock?.passwordVersion ?? null),
  unlocksExpireAt: unlocks.map((unlock) => unlock?.expiresAt ?? null),
})

export const UNLOCKS =
  "(SELECT :unlockLinkIds), (SELECT :unlockPasswordVersions), (SELECT :unlocksExpireAt)"

export const UNLOCK_COLUMNS = `"unlockLinkId", "unlockPasswordVersion", "unlockExpiresAt"`

export const columnOf =
  (row: string): Place =>
  (name) =>
    `${row}."${name}"`

export const VISIT = { visitId: "bytea | null", ticketSeconds: "int" } as const

/**
 * Whether a visit has a counted claim, over a link called l and its share called s. The page
 * stays open to such a visit, because the answer with the ticket may have been lost.
 */
export const visitClaimed = (
  visitId: string,
  linkId = "l.id",
  ticketEpoch = "s.ticket_epoch",
  // Not EXISTS, for which the planner may read the whole table once.
) => `(SELECT count(*) > 0 FROM claim WHERE claim.link_id = ${linkId}
    AND claim.visit_id = ${visitId} || int4send(${ticketEpoch})
    AND claim.counted IS NOT NULL AND claim.at > statement_timestamp() - make_interval(secs => :ticketSeconds))`

/**
 * The `file_ids` of an event of `:fileIds`, over the judged row of its share: null for one file and for
 * all of them, empty where no URL is handed out.
 */
export const eventFiles = (row: string) => `CASE
  WHEN ${row}.view_only THEN '{}'
  WHEN cardinality(:fileIds) > 1 AND cardinality(:fileIds) <
    (SELECT count(*) FROM share_file sf WHERE sf.share_id = ${row}.share_id AND sf.removed_at IS NULL)
    THEN :fileIds END`
