import "server-only"
import { prepared } from "#lib/db.ts"
import type { AdminId, MemberId, Role, SessionMember } from "./member.ts"

/** What a session cookie claims. */
export type SessionClaim = { memberId: string; sessionEpoch: number }

type Row = { email: string; name: string; role: Role }

/** The member of a session, or null when the session was ended or the member is disabled. One statement. */
export async function findSessionMember({
  memberId,
  sessionEpoch,
}: SessionClaim): Promise<SessionMember | null> {
  const [row] = await prepared<Row>(
    "session-member",
    `SELECT email, name, role::text AS role FROM member
      WHERE id = $1::uuid AND session_epoch = $2 AND disabled_at IS NULL`,
    [memberId, sessionEpoch],
  )
  if (!row) return null
  return {
    id: memberId as MemberId,
    adminId: row.role === "admin" ? (memberId as AdminId) : null,
    ...row,
  }
}
