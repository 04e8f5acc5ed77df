import "server-only"
import { canBeShown } from "#lib/rooms/files/preview-kind-sql.ts"
import { isAllowed } from "#lib/rooms/settings/read-settings.ts"
import { closingCases, lastsASecond, usesUp } from "#lib/rooms/shares/share-sql.ts"
import type { Columns } from "./input-rows.ts"
import { ticketHolds, unlockHolds, visitClaimed } from "./proofs.ts"

// May this visitor have this file? Only this file contains the rule. Every statement of this room
// applies it to each request row, and again to the locked row of `share`.

/** The request of a visitor. `ticket`: a ticket, with URLs unless the share is view-only. */
export type Takes = "download" | "ticket" | "preview" | "thumbnail" | "page"

/** A use case of this room: the columns of its request rows, and how the rule applies. */
export type Verb = {
  /** The columns of the input rows: `publicId`, or what `link` needs; `fileId` for one file. */
  asked: Columns
  /** How a request row `a` finds its link `l` and the share `s`; by default by the public id. */
  link?: { from: string; where: string }
  /** The kind of request of every row. Without it each row has a column `takes`. */
  takes?: Takes
  /** The proofs that a row may contain. A visit that has already claimed is not limited again. */
  proofs: readonly ("ticket" | "unlock" | "visit")[]
  /** "many": the files in WANTS, or all files of the share for rows with `every`. */
  files: "none" | "one" | "many"
  /** Whether rows have a column that requires a direct link. */
  directOnly?: true
  /** Whether a used-up limit closes the share. The default is true. */
  limit?: false
  /** Additional columns from the link l, its share s and the tables in `joins`. */
  more?: { columns: string; joins?: string }
}

/** The parameter with the time when the signer's credentials end; null if they do not. */
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

const SHARE_NAMES = ["share_id", "has_password", ...SHARE_COLUMNS]

/** The columns with the conditions of a share s. */
export const SHARE_CONDITIONS = [
  "s.id AS share_id",
  "s.password_hash IS NOT NULL AS has_password",
  ...SHARE_COLUMNS.map((column) => `s.${column}`),
].join(", ")

/** The columns with the conditions of a link l. */
export const LINK_CONDITIONS = `l.open, l.revoked_at AS link_revoked_at,
      l.max_downloads AS link_max_downloads, l.downloads AS link_downloads,
      l.proof_version AS link_version, l.verify AS link_verify`
const LINK_NAMES = [
  "open",
  "link_revoked_at",
  "link_max_downloads",
  "link_downloads",
  "link_version",
  "link_verify",
]

const columnsOf = (row: string, names: string[]) =>
  names.map((column) => `${row}.${column}`).join(", ")

/** The columns of a row that was selected with SHARE_CONDITIONS. */
export const shareConditionsOf = (row: string) => columnsOf(row, SHARE_NAMES)

/** The columns of a row that was selected with both conditions. */
export const conditionsOf = (row: string) => columnsOf(row, [...SHARE_NAMES, ...LINK_NAMES])

/** In SQL: whether a share is a direct link. Admins can turn these off for all shares at once. */
export const isDirect = (share: string) => `(${share}.direct AND ${isAllowed("directLinks")})`

/** In SQL: whether a share's files may be viewed. Admins can turn this off for all shares. */
export const showsPreviews = (share: string) => `(${share}.preview AND ${isAllowed("previews")})`

export const takesOf = ({ takes }: Verb, row: string) => (takes ? `'${takes}'` : `${row}.takes`)
const looks = (verb: Verb, row: string) => `${takesOf(verb, row)} IN ('preview', 'thumbnail')`

/** In SQL: why a row may not have the file f, whose bytes are in the object o; null if it may. */
export const fileRefusal = (verb: Verb, row: string) => `CASE
  WHEN f.id IS NULL THEN 'missing'
  WHEN f.status = 'abandoned' THEN 'abandoned'
  WHEN f.deleted_at IS NOT NULL THEN 'deleted'
  WHEN f.status <> 'ready' THEN 'uploading'
  WHEN o.key IS NULL THEN CASE WHEN ${looks(verb, row)} THEN 'no_picture' ELSE 'uploading' END
  WHEN ${takesOf(verb, row)} = 'preview' AND NOT ${canBeShown("f")} THEN 'no_kind' END`

/** The reasons for many files, in order: the first that applies to a file is the answer. */
export const FILE_REFUSALS =
  "ARRAY['missing', 'abandoned', 'deleted', 'uploading', 'no_picture', 'no_kind']"

/** The SQL names of the two rows that the rule compares. */
type Row = {
  /** The alias of the request row, with its link and file. */
  asked: string
  /** The alias of the conditions of share and link, from the snapshot or from the locked rows. */
  share: string
}

export const holds = ({ proofs }: Verb, { asked, share }: Row) =>
  proofs.includes("ticket") ? ticketHolds(asked, share) : "false"

/** In SQL: whether a code is not needed or was entered. A ticket stands for code and password. */
export const isVerified = (verb: Verb, row: Row) =>
  `(NOT ${row.share}.link_verify OR ${holds(verb, row)} OR ${unlocks(verb, row)})`

/** In SQL: whether neither a code nor a password is left to enter. */
export const isUnlocked = (verb: Verb, row: Row) =>
  `(${isVerified(verb, row)} AND (NOT ${row.share}.has_password OR ${holds(verb, row)}
    OR ${verb.proofs.includes("unlock") ? `${unlocks(verb, row)} AND NOT ${row.asked}.unlock_is_code` : "false"}))`

const unlocks = ({ proofs }: Verb, { asked, share }: Row) =>
  proofs.includes("unlock") ? unlockHolds(asked, share) : "false"

/** In SQL: whether the share or the recipient has a limit. */
export const isLimited = (share: string) =>
  `(${share}.max_downloads IS NOT NULL OR ${share}.link_max_downloads IS NOT NULL)`

/** In SQL: whether no limit is reached, or the visit already claimed. */
export const hasRoom = (row: Row) =>
  `(NOT ${reachesLimit(row)} OR ${visitClaimed(row.asked, row.share)})`

/** In SQL: how many more claims the share's limit allows; null without one. */
export const roomOf = (row: Row) => `(${row.share}.max_downloads - ${claimsOf(row)})`

/** In SQL: how many more claims the recipient's own limit allows; null without one. */
export const roomOfLink = (share: string) =>
  `(${share}.link_max_downloads - ${share}.link_downloads)`

/** In SQL: whether viewing files needs a claim. Previews of a limited link need a ticket. */
export const needsClaim = (share: string, holdsTicket: string) =>
  `(${isLimited(share)} AND NOT ${holdsTicket})`

/** In SQL: the number of claims. Those in the shards are read from the snapshot. */
const claimsOf = ({ asked, share }: Row) => `(${share}.downloads + ${asked}.sharded)`

/** In SQL: whether the limit of the share or of the recipient is reached. */
const reachesLimit = (row: Row) =>
  `(${usesUp(row.share, claimsOf(row))} OR coalesce(${roomOfLink(row.share)} <= 0, false))`

/** In SQL: whether a limit refuses a visitor, which it does not if the visitor has a claim. */
function isUsedUp(verb: Verb, row: Row) {
  if (verb.limit === false) return "false"
  const visit = verb.proofs.includes("visit") ? visitClaimed(row.asked, row.share) : "false"
  return `(${reachesLimit(row)} AND NOT (${holds(verb, row)} OR ${visit}))`
}

/** In SQL: the first reason to refuse a row's request; null if there is none. */
export function refusalOf(verb: Verb, row: Row) {
  const { asked, share } = row
  const takes = takesOf(verb, asked)
  const reasons = [
    `WHEN ${share}.link_revoked_at IS NOT NULL THEN 'revoked'`,
    closingCases(share, isUsedUp(verb, row)),
    // The code comes first, so that who has no code cannot guess passwords.
    `WHEN NOT ${isVerified(verb, row)} THEN 'verify'`,
    `WHEN NOT ${isUnlocked(verb, row)} THEN 'locked'`,
  ]
  if (verb.takes !== "page") {
    reasons.push(`WHEN ${takes} = 'download' AND ${share}.view_only THEN 'view_only'`)
    if (verb.directOnly) {
      reasons.push(`WHEN ${asked}.direct_only AND NOT ${isDirect(share)} THEN 'not_direct'`)
    }
    reasons.push(
      `WHEN ${looks(verb, asked)} AND NOT ${showsPreviews(share)} THEN 'no_preview'`,
      `WHEN ${looks(verb, asked)} AND ${needsClaim(share, holds(verb, row))} THEN 'needs_claim'`,
      `WHEN ${asked}.file_refusal IS NOT NULL THEN ${asked}.file_refusal`,
      `WHEN NOT ${lastsASecond(share)} THEN 'expired'`,
      `WHEN NOT ${SIGNABLE} THEN 'storage'`,
    )
  }
  return `CASE ${reasons.join("\n  ")} END`
}
