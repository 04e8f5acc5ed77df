import "server-only"
import { rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"
import { DELIVERY_SECONDS } from "../upload/delivery-seconds.ts"

/** In SQL: later than any time; as `kept_until` of a file, for good. */
export const NEVER = rawSql("'2201-01-01T00:00:00Z'::timestamptz")

/**
 * Nothing is deleted sooner than this after the rule was changed, or after something ended that kept
 * it: the weekly mail names it meanwhile.
 */
export const DAYS_AFTER_CHANGE = 7
/** How far ahead owners are told what goes: a week to the next mail, and a day for a missed night. */
export const TOLD_DAYS = 8
/** For how long a visitor's request for access keeps the files, if nobody answers it. */
export const DAYS_OF_QUESTION = 30

export type Rule = Settings["retention"]

/** The rule in SQL: days, each of which may be null, and since when it is in force. */
type RuleSql = { shared: Sql; received: Sql; unshared: Sql; since: Sql }

const stored = (column: string) =>
  rawSql(`(SELECT ${column} FROM setting WHERE setting.name = 'retention')`)
const storedDays = (name: keyof Rule) => stored(`(setting.value->>'${name}')::int`)

/** The rule that is stored when the statement runs. */
const STORED: RuleSql = {
  shared: storedDays("sharedDays"),
  received: storedDays("receivedDays"),
  unshared: storedDays("unsharedDays"),
  since: stored("setting.changed_at"),
}

/** A rule that somebody is about to store. */
export const proposed = ({ sharedDays, receivedDays, unsharedDays }: Rule): RuleSql => ({
  shared: sql`${sharedDays}::int`,
  received: sql`${receivedDays}::int`,
  unshared: sql`${unsharedDays}::int`,
  since: sql`statement_timestamp()`,
})

const days = (count: Sql) => sql`make_interval(days => ${count})`

/** In SQL: when all of a file had arrived. */
const arrived = rawSql("coalesce(file.ready_at, file.held_at, file.created_at)")

/**
 * In SQL: when the last link of a share of the file ended or will end; NEVER if one has no end, and
 * null for a file that was never shared. A share ends by the first of what ends it for this file.
 */
const shared = sql`
  SELECT max(coalesce(least(share.revoked_at, share.expires_at, share.used_up_at,
      share_file.removed_at, nullif(links.ended_at, ${NEVER})), ${NEVER})) AS ended_at,
    max(share.legal_hold_at) AS held_at, max(share.legal_hold_ended_at) AS hold_ended_at
  FROM share_file JOIN share ON share.id = share_file.share_id CROSS JOIN LATERAL (
    SELECT max(coalesce(least(link.revoked_at, link.used_up_at), ${NEVER})) AS ended_at
    FROM link WHERE link.share_id = share.id
  ) AS links
  WHERE share_file.file_id = file.id`

const notice = days(sql`${DAYS_AFTER_CHANGE}::int`)

/** In SQL: until when requests for access keep the file. */
const askedUntil = sql`(
  SELECT max(least(question.at + ${days(sql`${DAYS_OF_QUESTION}::int`)},
    question.answered_at + ${notice}))
  FROM share_file JOIN question ON question.share_id = share_file.share_id
  WHERE share_file.file_id = file.id)`

/** In SQL: when a file goes by the days that its owner chose for the row `request`. */
const ownDays = sql`greatest(${arrived} + ${days(sql`request.delete_days`)},
  CASE WHEN request.delete_days IS NOT NULL AND ${arrived} < request.delete_days_since
    THEN request.delete_days_since + ${notice} END)`

/** In SQL: when a received file goes by its age, if it does, and until when more may come with it. */
const received = ({ received: rule }: RuleSql) => sql`
  SELECT least(${arrived} + ${days(rule)}, ${ownDays}) AS aged_at,
    share.legal_hold_at AS held_at, share.legal_hold_ended_at AS hold_ended_at,
    least(delivery.started_at + make_interval(secs => ${DELIVERY_SECONDS}::int),
      least(delivery.done_at, delivery.erased_at, share.revoked_at, share.expires_at,
        share.used_up_at) + CASE WHEN request.delete_days < ${DAYS_AFTER_CHANGE}::int
          THEN interval '0' ELSE ${notice} END) AS open_until
  FROM delivery JOIN share ON share.id = delivery.share_id
    JOIN request ON request.share_id = delivery.share_id
  WHERE delivery.id = file.delivery_id`

/** In SQL: whether an upload that is not finished takes the place of the file. */
const isBeingReplaced = sql`EXISTS (
  SELECT FROM file AS newer WHERE newer.replaces_id = file.id AND newer.deleted_at IS NULL
    AND newer.status IN ('uploading', 'checking'))`

/** In SQL: until when a file stays that was not replaced after all. */
const replacedUntil = sql`(
  SELECT max(coalesce(newer.deleted_at, newer.ready_at, newer.held_at)) + ${notice}
  FROM file AS newer WHERE newer.replaces_id = file.id)`

/**
 * In SQL: when the row `file` is deleted by the rule; null for never. It does not depend on the
 * time at which it is read: a file goes once this time has come. Lists, the API and the nightly job
 * all ask this one expression. Its table must be called file.
 */
export const deletesAt = (rule: RuleSql = STORED): Sql => sql`(
  CASE WHEN file.deleted_at IS NULL AND file.status IN ('ready', 'held')
    AND coalesce(file.kept_until <> ${NEVER}, true)
    AND (${rule.shared} IS NOT NULL OR ${rule.unshared} IS NOT NULL OR file.delivery_id IS NOT NULL)
  THEN (
    SELECT CASE WHEN due.due_at < ${NEVER} AND NOT ${isBeingReplaced}
      AND coalesce(owner.legal_hold_at, shared.held_at, received.held_at) IS NULL
      THEN greatest(due.due_at, file.kept_until, ${askedUntil}, received.open_until, ${replacedUntil},
        greatest(owner.legal_hold_ended_at, shared.hold_ended_at, received.hold_ended_at)
          + ${days(sql`${TOLD_DAYS}::int`)},
        CASE WHEN due.by_rule THEN ${rule.since} + ${notice} END) END
    FROM (${shared}) AS shared JOIN member AS owner ON owner.id = file.owner_id
      LEFT JOIN LATERAL (${received(rule)}) AS received ON true
      CROSS JOIN LATERAL (
        SELECT CASE
            WHEN received.aged_at IS NOT NULL
              THEN greatest(received.aged_at, shared.ended_at + ${days(sql`coalesce(${rule.shared}, 0)`)})
            WHEN shared.ended_at IS NOT NULL THEN shared.ended_at + ${days(rule.shared)}
            WHEN file.delivery_id IS NULL THEN ${arrived} + ${days(rule.unshared)} END AS due_at,
          ${rule.since} IS NOT NULL AND (shared.ended_at IS NOT NULL OR file.delivery_id IS NULL
            OR ${rule.received} IS NOT NULL) AS by_rule
        OFFSET 0 -- evaluates them once, not wherever they are named
      ) AS due
  ) END)`

/**
 * In SQL: the CTE `batch`, the files after an id with the time `at` at which the rule deletes each.
 * `rangeOfBatch` are the columns of a Range.
 */
export const batchAfter = (after: string, limit: number, rule?: RuleSql): Sql => sql`
  batch AS MATERIALIZED (
    SELECT file.id, file.owner_id, file.name, file.size, file.delivery_id, ${deletesAt(rule)} AS at
    FROM file WHERE file.id > ${after}::uuid ORDER BY file.id LIMIT ${limit}
  )`
export const rangeOfBatch = rawSql(`(SELECT id::text FROM batch ORDER BY id DESC LIMIT 1) AS last,
  (SELECT count(*)::int FROM batch) AS count`)

/**
 * In SQL: whether the owner chose the time `at` of the file with this id, and one before the rule's, by
 * the days of the request. No mail says that. It says what anything else decides: a shorter rule, a
 * share, a keep, and a delivery or a hold that ended later.
 */
export const isChosen = (id: Sql, at: Sql): Sql => sql`EXISTS (
  SELECT FROM file JOIN delivery ON delivery.id = file.delivery_id JOIN request USING (share_id)
  WHERE file.id = ${id} AND request.delete_days IS NOT NULL AND ${at} <= ${ownDays}
    AND coalesce(${ownDays} < ${arrived} + ${days(STORED.received)}, true))`
