import "server-only"
import { type Sql, sql } from "#lib/db.ts"

/**
 * Over a share without a name: it was not restored since this time by a member whom `by`, over
 * `member.id`, names. A revocation that was asked for before leaves such a share open. To be read
 * after the share is locked: then a restore that the lock waited for is in the audit log.
 */
export const notRestoredSince = (time: string | null, by: Sql) =>
  time === null
    ? sql`true`
    : sql`id NOT IN (
        SELECT entry.target_id::uuid FROM audit_entry entry
        WHERE entry.action = 'share.restore' AND entry.at > ${time}::timestamptz
          AND entry.target_id IS NOT NULL
          AND EXISTS (SELECT FROM member WHERE member.id = entry.actor_id AND ${by}))`
