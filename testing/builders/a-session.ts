import { db } from "#lib/adapters/database.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import type { ActingMember, AdminId, MemberId } from "#lib/rooms/accounts/member.ts"
import {
  findSessionMember,
  type SessionClaim,
  startSession,
} from "#lib/rooms/accounts/sign-in/session.ts"
import { makeSessionCookie } from "#lib/web/sign-in/session-cookie.ts"
import { future } from "#testing/units.ts"

/** A session of a member, as a correct password and, if there is one, the second factor start one. */
export const aSession = (memberId: string, sessionEpoch = 0): Promise<SessionClaim> =>
  startSession({ memberId, sessionEpoch, factor: true }, "Chrome on Linux")

/** The value of a new session's cookie. */
export const aSessionCookie = async (memberId: string, sessionEpoch = 0) =>
  makeSessionCookie(await aSession(memberId, sessionEpoch))

/** The member of an active session. */
export async function sessionMember(session: SessionClaim) {
  const member = await findSessionMember(session)
  if (!member) throw new Error("the session is active")
  return member
}

/**
 * A session of a member who has just signed in, as the routes pass it on. It is not in the audit
 * log.
 */
export async function acting<Id extends MemberId>(id: Id): Promise<ActingMember & { id: Id }> {
  const { sessionEpoch } = await db.member.findUniqueOrThrow({ where: { id } })
  const expiresAt = future()
  const data = { id: newId(), memberId: id, expiresAt }
  const { id: sessionId } = await db.session.create({ data })
  return { id, sessionId, sessionEpoch }
}

/** A session of an admin. */
export const actingAdmin = async (adminId: AdminId) => ({ ...(await acting(adminId)), adminId })

/** Runs something in a new session of the member, which is deleted afterwards. */
export async function withSessionOf<Result>(
  id: MemberId,
  act: (by: ActingMember) => Promise<Result>,
): Promise<Result> {
  const by = await acting(id)
  return act(by).finally(() => db.session.delete({ where: { id: by.sessionId } }))
}
