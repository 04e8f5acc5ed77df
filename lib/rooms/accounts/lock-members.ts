import "server-only"
import type { Tx } from "#lib/adapters/database.ts"

/**
 * Locks the active admins and a member, so that concurrent edits of members run one after another:
 * after the wait PostgreSQL reads each row again. Returns the active admins and the time. It does
 * not use FOR UPDATE, which would block inserts of rows that refer to a member.
 */
export async function lockMembers(
  tx: Tx,
  edited: string,
): Promise<{ admins: string[]; now: Date | null }> {
  const rows = await tx.$queryRaw<{ id: string; admin: boolean; now: Date }[]>`
    SELECT id::text, role = 'admin' AND disabled_at IS NULL AS admin, clock_timestamp() AS now
    FROM member
    WHERE member_kind = 'person' AND role = 'admin' AND disabled_at IS NULL OR id = ${edited}::uuid
    ORDER BY id FOR NO KEY UPDATE`
  const admins = rows.filter(({ admin }) => admin).map(({ id }) => id)
  return { admins, now: rows[0]?.now ?? null }
}
