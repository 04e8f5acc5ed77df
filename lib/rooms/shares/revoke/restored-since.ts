import "server-only"
import { type Sql, sql } from "#lib/adapters/database.ts"

/**
 * In SQL: whether a share was not restored since this time by a member who matches `by`, a
 * condition on `member.id`. The columns have no table name. A revocation that was requested earlier
 * leaves a restored share open. Must be read after the share is locked, so that the audit log
 * contains any restore that the lock waited for.
 */
export const notRestoredSince = (time: string | null, by: Sql) =>
  time === null
    ? sql`true`
    : sql`id NOT IN (
        SELECT entry.target_id::uuid FROM audit_entry entry
        WHERE entry.action = 'share.restore' AND entry.at > ${time}::timestamptz
          AND entry.target_id IS NOT NULL
          AND EXISTS (SELECT FROM member WHERE member.id = entry.actor_id AND ${by}))`
