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

/** The columns with the conditions of a share s. */
export const CONDITIONS = [
  "s.id AS share_id",
  "s.password_hash IS NOT NULL AS has_password",
  ...SHARE_COLUMNS.map((column) => `s.${column}`),
].join(", ")

/** The names of these columns, for a row that was selected with CONDITIONS. */
export const conditionsOf = (row: string) =>
  ["share_id", "has_password", ...SHARE_COLUMNS].map((column) => `${row}.${column}`).join(", ")

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
  /** The alias of the share's conditions, from the snapshot or from the locked row. */
  share: string
}

export const holds = ({ proofs }: Verb, { asked, share }: Row) =>
  proofs.includes("ticket") ? ticketHolds(asked, share) : "false"

export const isUnlocked = (verb: Verb, row: Row) => {
  const { proofs } = verb
  const unlocks = proofs.includes("unlock") ? unlockHolds(row.asked, row.share) : "false"
  return `(NOT ${row.share}.has_password OR ${holds(verb, row)} OR ${unlocks})`
}

/** In SQL: whether a share has no limit or has not reached it, or the visit already claimed. */
export const hasRoom = (row: Row) =>
  `(NOT ${usesUp(row.share, claimsOf(row))} OR ${visitClaimed(row.asked, row.share)})`

/** In SQL: how many more claims a share's limit allows; null without a limit. */
export const roomOf = (row: Row) => `(${row.share}.max_downloads - ${claimsOf(row)})`

/** In SQL: whether viewing files needs a claim. Previews of a limited share need a ticket. */
export const needsClaim = (share: string, holdsTicket: string) =>
  `(${share}.max_downloads IS NOT NULL AND NOT ${holdsTicket})`

/** In SQL: the number of claims. Those in the shards are read from the snapshot. */
const claimsOf = ({ asked, share }: Row) => `(${share}.downloads + ${asked}.sharded)`

/** In SQL: the claims that count against the limit; zero for a visitor who already has one. */
function claimsAgainst(verb: Verb, row: Row) {
  if (verb.limit === false) return "NULL::numeric"
  const { asked, share } = row
  const visit = verb.proofs.includes("visit") ? visitClaimed(asked, share) : "false"
  const claims = claimsOf(row)
  return `CASE WHEN NOT ${usesUp(share, claims)} OR NOT (${holds(verb, row)} OR ${visit})
    THEN ${claims} END`
}

/** In SQL: the first reason to refuse a row's request; null if there is none. */
export function refusalOf(verb: Verb, row: Row) {
  const { asked, share } = row
  const takes = takesOf(verb, asked)
  const reasons = [
    closingCases(share, claimsAgainst(verb, row)),
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
