import {
  findSessionMember,
  type SessionClaim,
  startSession,
} from "#lib/accounts/sign-in/session.ts"
import { makeSessionCookie } from "#lib/web/sign-in/session-cookie.ts"

/** A session of a member, as a correct password would start one. */
export const aSession = (memberId: string, sessionEpoch = 0): Promise<SessionClaim> =>
  startSession({ memberId, sessionEpoch }, "Chrome on Linux")

/** The value of a new session's cookie. */
export const aSessionCookie = async (memberId: string, sessionEpoch = 0) =>
  makeSessionCookie(await aSession(memberId, sessionEpoch))

/** The member of an active session. */
export async function sessionMember(session: SessionClaim) {
  const member = await findSessionMember(session)
  if (!member) throw new Error("the session is active")
  return member
}
