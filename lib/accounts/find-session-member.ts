import "server-only"
import { statement } from "#lib/statement.ts"
import type { AdminId, MemberId, Role, SessionMember } from "./member.ts"

/** What a session cookie claims. */
export type SessionClaim = { memberId: string; sessionEpoch: number }

const findMember = statement(
  "session-member",
  { memberId: "uuid", sessionEpoch: "int" },
  `SELECT email, name, role::text AS role FROM member
   WHERE id = :memberId AND session_epoch = :sessionEpoch AND disabled_at IS NULL`,
)

type Row = { email: string; name: string; role: Role }

/**
 * The member of a session, or null if the session ended or the member is disabled. One statement.
 */
export async function findSessionMember({
  memberId,
  sessionEpoch,
}: SessionClaim): Promise<SessionMember | null> {
  const [row] = await findMember<Row>({ memberId, sessionEpoch })
  if (!row) return null
  return {
    id: memberId as MemberId,
    adminId: row.role === "admin" ? (memberId as AdminId) : null,
    ...row,
  }
}
