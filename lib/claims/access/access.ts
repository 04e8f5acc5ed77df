import "server-only"
import { isAllowed } from "#lib/policies/read-policies.ts"
import { closingCases, lastsASecond } from "#lib/shares/share-sql.ts"
import { canBeShown } from "../look/preview-kind-sql.ts"
import { askedRows, type Columns, namesOf } from "./asked.ts"
import { ticketHolds, unlockHolds, visitClaimed } from "./proofs.ts"
import { LINK, liveObject, sharedFile, sharedFiles } from "./shared-files.ts"

// May this visitor have this file? The answer is stated here once, as the queries of a statement that
// end in `judged`: a row for each asked one whose link is known, with the conditions of its share, what
// signing needs, and `refusal`, the first reason that speaks against it, or null. Every statement of
// this room begins with them. A row of `share` that is locked is judged by the same rule.

/** What a visitor asks for. `ticket`: the ticket of a claim, and URLs unless the share is view-only. */
export type Takes = "download" | "ticket" | "preview" | "thumbnail" | "page"

export type Verb = {
  /** Of the rows that it is asked, `publicId` among them; `fileId` too where each is about one file. */
  asked: Columns
  /** Left out: each row says it. */
  takes?: Takes
  /** What the rows have that may open a share; a visit that has its claim passes the limit. */
  proofs: readonly ("ticket" | "unlock" | "visit")[]
  /** Many: those of WANTS, or all files of the share for rows that ask for `every`. */
  files: "none" | "one" | "many"
  /** Whether rows say that the share must be a direct link. */
  directOnly?: true
  /** A limit closes the share; by default it does. */
  limit?: false
  /** More columns of the link l, its share s and what `joins` adds. */
  more?: { columns: string; joins?: string }
}

/** For files "many": which row wants which file. */
export const WANTS = { click: "int[]", fileId: "uuid[]" } as const

/** When the signer's credentials end; null: never. */
export const CREDENTIALS = { credentialsEnd: "timestamptz | null" } as const

const SIGNABLE = `(:credentialsEnd IS NULL
  OR :credentialsEnd >= date_trunc('second', statement_timestamp()) + interval '6 seconds')`

const SHARE_COLUMNS = [
  "direct",
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

/** The conditions of a share s. */
const CONDITIONS = [
  "s.id AS share_id",
  "s.password_hash IS NOT NULL AS has_password",
  ...SHARE_COLUMNS.map((column) => `s.${column}`),
].join(", ")

/** The same columns of a row that was selected with CONDITIONS. */
const conditionsOf = (row: string) =>
  ["share_id", "has_password", ...SHARE_COLUMNS].map((column) => `${row}.${column}`).join(", ")

/** Whether a share is a direct link: admins switch those off for all shares at once. */
export const isDirect = (share: string) => `(${share}.direct AND ${isAllowed("directLinks")})`

/** Whether files of a share may be looked at: admins switch that off for all shares at once. */
export const showsPreviews = (share: string) => `(${share}.preview AND ${isAllowed("previews")})`

const takesOf = ({ takes }: Verb, row: string) => (takes ? `'${takes}'` : `${row}.takes`)
const looks = (verb: Verb, row: string) => `${takesOf(verb, row)} IN ('preview', 'thumbnail')`

/** Why a file f, whose bytes an object o holds, is not to be had by a row; null: it is. */
const fileRefusal = (verb: Verb, row: string) => `CASE
  WHEN f.id IS NULL THEN 'missing'
  WHEN f.status = 'abandoned' THEN 'abandoned'
  WHEN f.deleted_at IS NOT NULL THEN 'deleted'
  WHEN f.status <> 'ready' THEN 'uploading'
  WHEN o.key IS NULL THEN CASE WHEN ${looks(verb, row)} THEN 'no_picture' ELSE 'uploading' END
  WHEN ${takesOf(verb, row)} = 'preview' AND NOT ${canBeShown("f")} THEN 'no_kind' END`

/** The reasons of many files: the first that any of them has is that of all. */
const FILE_REFUSALS =
  "ARRAY['missing', 'abandoned', 'deleted', 'uploading', 'no_picture', 'no_kind']"

type Row = {
  /** What is asked, with its link and file. */
  asked: string
  /** The conditions of the share, of the snapshot or locked. */
  share: string
}

const holds = ({ proofs }: Verb, { asked, share }: Row) =>
  proofs.includes("ticket") ? ticketHolds(asked, share) : "false"

const isUnlocked = (verb: Verb, row: Row) => {
  const { proofs } = verb
  const unlocks = proofs.includes("unlock") ? unlockHolds(row.asked, row.share) : "false"
  return `(NOT ${row.share}.has_password OR ${holds(verb, row)} OR ${unlocks})`
}

/** Claims counted, those in the shards as of the snapshot. */
const totalOf = ({ asked, share }: Row) => `(${share}.downloads + ${asked}.sharded)`

/** The claims that count against the limit: none for a visitor who has one. */
function claimsAgainst(verb: Verb, row: Row) {
  if (verb.limit === false) return "NULL::numeric"
  const { asked, share } = row
  const visit = verb.proofs.includes("visit") ? visitClaimed(asked, share) : "false"
  const total = totalOf(row)
  return `CASE WHEN ${total} < ${share}.max_downloads OR NOT (${holds(verb, row)} OR ${visit})
    THEN ${total} END`
}

/** The rule. */
function refusalOf(verb: Verb, row: Row) {
  const { asked, share } = row
  const takes = takesOf(verb, asked)
  return `CASE
  ${closingCases(share, claimsAgainst(verb, row))}
  WHEN NOT ${isUnlocked(verb, row)} THEN 'locked'
  ${
    verb.takes === "page"
      ? ""
      : `
  WHEN ${takes} = 'download' AND ${share}.view_only THEN 'view_only'
  ${verb.directOnly ? `WHEN ${asked}.direct_only AND NOT ${isDirect(share)} THEN 'not_direct'` : ""}
  WHEN ${looks(verb, asked)} AND NOT ${showsPreviews(share)} THEN 'no_preview'
  WHEN ${looks(verb, asked)} AND ${share}.max_downloads IS NOT NULL AND NOT ${holds(verb, row)}
    THEN 'needs_claim'
  WHEN ${asked}.file_refusal IS NOT NULL THEN ${asked}.file_refusal
  WHEN NOT ${lastsASecond(share)} THEN 'expired'
  WHEN NOT ${SIGNABLE} THEN 'storage'`
  } END`
}

/** What signing needs of a file f and its object o, whose sizes and types thumbnails have. */
const fileColumns = (verb: Verb, row: string) => {
  const isThumbnail = `${takesOf(verb, row)} = 'thumbnail'`
  return `f.name, CASE WHEN ${isThumbnail} THEN o.content_type ELSE f.content_type END AS content_type,
    CASE WHEN ${isThumbnail} THEN o.size ELSE f.size END AS size, o.key, o.colour,
    ${fileRefusal(verb, row)} AS file_refusal`
}
const FILE_NAMES = ["name", "content_type", "size", "key", "colour", "file_refusal"]

const keyOf = (verb: Verb, row: string) =>
  `CASE WHEN ${takesOf(verb, row)} = 'thumbnail' THEN f.thumbnail_key ELSE f.object_key END`

/** Each asked row with its link l, its share s and, where it names one, its file. */
const linked = (name: string, verb: Verb) => `${name} AS (
  SELECT a.*, named.*
  FROM asked a CROSS JOIN LATERAL (
    SELECT l.id AS link_id, ${CONDITIONS},
      -- Read where a limit may need it.
      CASE WHEN s.max_downloads IS NOT NULL OR NOT s.minted THEN (SELECT coalesce(sum(c.downloads), 0)
        FROM share_counter c WHERE c.share_id = s.id) END AS sharded
      ${verb.files === "one" ? `, ${fileColumns(verb, "a")}` : ""}
      ${verb.more ? `, ${verb.more.columns}` : ""}
    FROM ${LINK}
      ${verb.files === "one" ? `${sharedFile("s.id", "a.file_id")} ${liveObject(keyOf(verb, "a"))}` : ""}
      ${verb.more?.joins ?? ""}
    WHERE l.public_id = a.public_id
    OFFSET 0 -- each row looks up its own, whatever the planner thinks of the tables' sizes
  ) AS named
)`

/** The files that the rows want, and each row with why it cannot have one of them. */
const withFiles = (verb: Verb) => {
  const columns = `f.path, f.sha256, f.sha256_verified, sf.position, ${fileColumns(verb, "linked")}`
  const key = liveObject(keyOf(verb, "linked"))
  return `
${linked("linked", verb)},
${askedRows("wants", WANTS)},
wanted AS MATERIALIZED (
  SELECT linked.place, false AS every, wants.file_id, ${columns}
  FROM linked JOIN wants ON wants.click = linked.place ${sharedFile("linked.share_id", "wants.file_id")} ${key}
  UNION ALL
  SELECT linked.place, true, f.id, ${columns}
  FROM linked ${sharedFiles("linked.share_id")} ${key}
  WHERE linked.every AND f.deleted_at IS NULL
),
found AS (
  SELECT linked.*, files.ready, files.file_ids,
    CASE WHEN linked.every THEN CASE WHEN files.ready > 0 THEN NULL ELSE 'empty' END
      ELSE (${FILE_REFUSALS})[files.first_refusal] END AS file_refusal
  FROM linked LEFT JOIN (
    SELECT place, count(*) FILTER (WHERE file_refusal IS NULL) AS ready,
      array_agg(file_id) FILTER (WHERE NOT every) AS file_ids,
      min(array_position(${FILE_REFUSALS}, file_refusal)) AS first_refusal
    FROM wanted GROUP BY place
  ) AS files USING (place)
)`
}

const found = (verb: Verb) => `${askedRows("asked", verb.asked)},
${verb.files === "many" ? withFiles(verb) : linked("found", verb)}`

/** Judges rows by the snapshot. Columns beside those above: `holds`, `unlocked` and `refusal`. */
export function judged(verb: Verb) {
  const row = { asked: "found", share: "found" }
  return `${found(verb)},
judged AS MATERIALIZED (
  SELECT found.*, ${holds(verb, row)} AS holds, ${isUnlocked(verb, row)} AS unlocked,
    ${refusalOf(verb, row)} AS refusal
  FROM found
)`
}

type Locking = {
  /** Over a row that the snapshot does not refuse: whether the row of its share is locked. */
  locks: (row: string) => string
  /** SKIP LOCKED: does not wait for a row that another has locked. */
  waiting: "" | "SKIP LOCKED"
  /** False: it counts the claims against the limit itself, over the locked row. */
  limit?: false
}

/**
 * Judges rows by the snapshot and, of those that it does not refuse, locks the rows of shares where
 * `locks` holds, once each and in the order of their ids. The locked row decides then: after a wait it
 * is the newest, so that what closes the share either comes before or waits. `busy`: to be asked again,
 * because the row is locked or the link may have changed since the snapshot.
 */
export function judgedUnderLock(verb: Verb, { locks, waiting, limit }: Locking) {
  const names = [
    ...namesOf(verb.asked),
    ...["place", "link_id", "sharded"],
    ...(verb.files === "many" ? ["ready", "file_ids", "file_refusal"] : FILE_NAMES),
  ]
  const own = names.map((name) => `seen.${name}`).join(", ")
  const underLock = limit === false ? { ...verb, limit } : verb
  return `${found(verb)},
seen AS MATERIALIZED (
  SELECT found.*, ${refusalOf(verb, { asked: "found", share: "found" })} AS refusal FROM found
),
locked AS MATERIALIZED (
  SELECT ${CONDITIONS}
  FROM (
    SELECT DISTINCT share_id FROM seen WHERE refusal IS NULL AND (${locks("seen")})
    ORDER BY share_id OFFSET 0
  ) AS shares
  CROSS JOIN LATERAL (
    SELECT * FROM share WHERE share.id = shares.share_id OFFSET 0 FOR NO KEY UPDATE ${waiting}
  ) AS s
),
judged AS MATERIALIZED (
  SELECT ${own}, ${conditionsOf("seen")}, seen.refusal
  FROM seen WHERE refusal IS NOT NULL OR NOT (${locks("seen")})
  UNION ALL
  SELECT ${own}, ${conditionsOf("locked")},
    CASE WHEN locked.share_id IS NULL OR locked.ticket_epoch <> seen.ticket_epoch THEN 'busy'
      ELSE ${refusalOf(underLock, { asked: "seen", share: "locked" })} END
  FROM seen LEFT JOIN locked ON locked.share_id = seen.share_id
  WHERE seen.refusal IS NULL AND (${locks("seen")})
)`
}
