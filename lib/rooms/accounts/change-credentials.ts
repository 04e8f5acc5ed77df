import "server-only"
import { hasPasswords } from "#lib/adapters/configuration.ts"
import { db, rawSql, type Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { ActingMember } from "./member.ts"

/** In SQL: whether the session `s` of the member `m` is active. */
export const LIVE_SESSION = `s.ended_at IS NULL AND s.expires_at > statement_timestamp()
  AND m.disabled_at IS NULL`

type Change = {
  /** The session that requests the change; null for a sign-in or the operator on the command line. */
  by: ActingMember | null
  of?: string
}

/**
 * Runs a sign-in, or a change of how a member signs in. All of them go through here. Locks the
 * member first and then checks again that the session that requests the change is active, because
 * it may have ended while the call waited, for example because the account was linked to another
 * person. Refuses (signed_out) a session that has ended, and (forbidden) a change of another member
 * by a member who is no longer an admin.
 */
export function changeCredentials<Result>(
  { by, of }: Change,
  change: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  return db.$transaction(async (tx) => {
    const ids = [by?.id, of].filter((id) => id !== undefined)
    // Locks in the same order as lockMembers.
    await tx.$queryRaw`
      SELECT FROM member WHERE id = ANY(${ids}::uuid[]) ORDER BY id FOR NO KEY UPDATE`
    if (by) await requireActive(tx, by, of ?? by.id)
    return change(tx)
  })
}

/** To end the session, a call must wait for this lock until the change is complete. */
async function requireActive(tx: Tx, { id, sessionId, sessionEpoch }: ActingMember, of: string) {
  const [session] = await tx.$queryRaw<{ role: string }[]>`
    SELECT m.role::text AS role FROM session s JOIN member m ON m.id = s.member_id
    WHERE s.id = ${sessionId}::uuid AND m.id = ${id}::uuid AND m.session_epoch = ${sessionEpoch}
      AND (${hasPasswords()} OR s.issuer IS NOT NULL) AND ${rawSql(LIVE_SESSION)}
    FOR SHARE OF s`
  if (!session) throw refusal("signed_out", "signed_out")
  if (of !== id && session.role !== "admin") throw refusal("forbidden", "no_longer_admin")
}
