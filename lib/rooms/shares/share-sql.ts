import "server-only"
import type { ShareStatus } from "./share.ts"

// The rules of a share's status, for Prisma's raw statements (rawSql) and for prepared ones. Each
// function takes the name of a row with the columns of a share; `claims` is SQL too.
// share-sql.test.ts compares them with the same rules in TypeScript.

/** In SQL: the counted claims, from the share's own row and the shards, which are never merged. */
export const claimsOf = (share: string) => `(${share}.downloads + coalesce(
  (SELECT sum(c.downloads) FROM share_counter c WHERE c.share_id = ${share}.id), 0))`

/** In SQL: the claims counted while a share was view-only, so that no file was downloaded. */
export const viewersOf = (share: string, claims: string) =>
  `(CASE WHEN ${share}.view_only THEN ${claims} - ${share}.other_claims ELSE ${share}.other_claims END)`

/** In SQL: whether a link of the share opens without a code by mail. */
export const isUnverified = (share: string) =>
  `EXISTS (SELECT FROM link WHERE share_id = ${share}.id AND revoked_at IS NULL AND NOT verify)`

/**
 * In SQL: who opens a share: `anyone`; else recipients by their `links`, or only `people` who get a
 * code by mail; or `nobody`.
 */
export const openToOf = (share: string) => `CASE
  WHEN EXISTS (SELECT FROM link WHERE share_id = ${share}.id AND open AND revoked_at IS NULL) THEN 'anyone'
  WHEN ${isUnverified(share)} THEN 'links'
  WHEN EXISTS (SELECT FROM link WHERE share_id = ${share}.id AND revoked_at IS NULL) THEN 'people'
  ELSE 'nobody' END`

/** In SQL: the claims of a share with a limit. Null without one, to avoid reading them. */
const limitedClaimsOf = (share: string) =>
  `CASE WHEN ${share}.max_downloads IS NOT NULL THEN ${claimsOf(share)} END`

type Closing = {
  status: Exclude<ShareStatus, "open">
  holds: string
  /** The negated condition. It is also true if a column is null. */
  not: string
}

const revoked = (share: string): Closing => ({
  status: "revoked",
  holds: `${share}.revoked_at IS NOT NULL`,
  not: `${share}.revoked_at IS NULL`,
})

const expired = (share: string): Closing => ({
  status: "expired",
  holds: `${share}.expires_at <= statement_timestamp()`,
  not: `(${share}.expires_at IS NULL OR ${share}.expires_at > statement_timestamp())`,
})

/** In SQL: whether claims use up the limit of a share, if it has one. */
export const usesUp = (share: string, claims: string) =>
  `(${share}.max_downloads IS NOT NULL AND ${claims} >= ${share}.max_downloads)`

const usedUp = (holds: string): Closing => ({ status: "used_up", holds, not: `NOT ${holds}` })

const scheduled = (share: string): Closing => ({
  status: "scheduled",
  holds: `${share}.starts_at > statement_timestamp()`,
  not: `(${share}.starts_at IS NULL OR ${share}.starts_at <= statement_timestamp())`,
})

/** The status is the first of these that applies, otherwise open. */
const closings = (share: string, isUsedUp: string) => [
  revoked(share),
  expired(share),
  usedUp(isUsedUp),
  scheduled(share),
]

export const statusOf = (share: string, claims = claimsOf(share)) => `CASE
  ${closingCases(share, usesUp(share, claims))}
  ELSE 'open' END`

/**
 * In SQL: whether a share opens, now or at its start, and has files, so that it needs no questions.
 * Deleted files do not count. Abandoned uploads do, because the share's page explains them.
 */
export const opensWithFiles = (share: string) => `(
  ${statusOf(share, limitedClaimsOf(share))} IN ('open', 'scheduled')
  AND EXISTS (
    SELECT FROM share_file JOIN file ON file.id = share_file.file_id
    WHERE share_file.share_id = ${share}.id AND share_file.removed_at IS NULL
      AND (file.deleted_at IS NULL OR file.status = 'abandoned')))`

/** In SQL: whether a link no longer opens, whatever its share does. */
export const endsLink = (link: string) =>
  `(${link}.revoked_at IS NOT NULL OR coalesce(${link}.downloads >= ${link}.max_downloads, false))`

/** In SQL: the ids of the ended links of a share by which somebody asks to open it. */
export const askedLinks = (share: string) => `(
  SELECT l.id FROM question q JOIN link l ON l.id = q.link_id
  WHERE q.share_id = ${share} AND q.answered_at IS NULL
    AND l.recipient IS DISTINCT FROM '' AND ${endsLink("l")})`

/** In SQL: whether a share is open or scheduled. */
export const isUnended = (share: string) =>
  [revoked(share), expired(share), usedUp(usesUp(share, claimsOf(share)))]
    .map(({ not }) => not)
    .join(" AND ")

/** Columns that change without a change of the share, and those read for a page. */
const UNVERSIONED = [
  "downloads",
  "minted",
  "rolled_views",
  "at_limit",
  "password_hash",
  "status",
  "claims",
]

/** In SQL: a text that changes with each change of a share, but not of its counters and files. */
export const versionOf = (share: string, status = statusOf(share)) =>
  `md5(${status} || (to_jsonb(${share}) - '{${UNVERSIONED}}'::text[])::text)`

/**
 * In SQL: like `versionOf`, of a request: it changes with what it takes and what came in, too, which
 * its row counts.
 */
export const requestVersionOf = (share: string) => `md5(${versionOf(share)} || (
  SELECT concat_ws(' ', to_jsonb(r), (
    SELECT slug FROM request_slug WHERE share_id = r.share_id AND left_at IS NULL LIMIT 1
  )) FROM request r WHERE r.share_id = ${share}.id))`

/** In SQL: the branches of a CASE that returns why a share is not open. */
export const closingCases = (share: string, isUsedUp: string) =>
  closings(share, isUsedUp)
    .map(({ status, holds }) => `WHEN ${holds} THEN '${status}'`)
    .join("\n  ")

/** The title of a share, or the name of its first file, as in the indexes. */
export const nameOf = (share: string) => `coalesce(nullif(${share}.title, ''), ${share}.first_name)`

/** The time when a share ends, as in the indexes; without an end, later than any time. */
export const endOfShare = (share: string) =>
  `coalesce(${share}.expires_at, '2201-01-01T00:00:00Z'::timestamptz)`

/**
 * In SQL: whether a row of share has this status. The conditions are written out instead of
 * compared with statusOf, so that an index can be used. The flag at_limit finds shares that are
 * used up; the exact rule decides. Conditions are compared with true if no index should be used for
 * them: each status has one index, and the planner would otherwise read those of other columns
 * completely to join them with it.
 */
export function hasStatus(share: string, status: ShareStatus): string {
  const all = closings(share, usesUp(share, claimsOf(share)))
  const own = all.findIndex((closing) => closing.status === status)
  const earlier = own === -1 ? all : all.slice(0, own)
  const conditions = [
    ...earlier.map(({ not }) => `(${not}) IS TRUE`),
    ...(all[own] ? [all[own].holds] : []),
  ]
  if (status === "open") conditions.unshift(`${endOfShare(share)} > statement_timestamp()`)
  if (status === "expired") conditions.unshift(`${endOfShare(share)} <= statement_timestamp()`)
  if (status === "used_up") conditions.unshift(`${share}.at_limit`)
  return conditions.join(" AND ")
}

/** Whether a share stays open for a whole second, which is the shortest lifetime of a URL. */
export const lastsASecond = (share: string) => `(${share}.expires_at IS NULL
  OR ${share}.expires_at >= date_trunc('second', statement_timestamp()) + interval '1 second')`
