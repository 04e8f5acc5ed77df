import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { actingAdmin, aSession, sessionMember } from "#testing/builders/a-session.ts"
import { inDays, MINUTE } from "#testing/units.ts"
import {
  endMemberSessions,
  endOtherSessions,
  endSession,
  findSessionMember,
  listSessions,
  signOut,
  sweepSessions,
} from "./session.ts"

describe("a session", () => {
  it("belongs to its member as long as its row and its epoch are valid", async () => {
    const memberId = await aMember({ email: "ada@example.org" })
    const session = await aSession(memberId)

    expect(await findSessionMember(session)).toEqual({
      id: memberId,
      owner: memberId,
      team: null,
      auditorId: null,
      adminId: null,
      token: null,
      now: expect.any(Date),
      sessionId: session.sessionId,
      sessionEpoch: 0,
      email: "ada@example.org",
      name: "Ada Lovelace",
      role: "member",
      confirmed: true,
      language: null,
      needsFactor: false,
    })
    expect(await findSessionMember({ ...session, sessionEpoch: 1 })).toBeNull()
    expect(await findSessionMember({ ...session, memberId: await aMember() })).toBeNull()
    const other = await aSession(await aMember())
    expect(await findSessionMember({ ...session, sessionId: other.sessionId })).toBeNull()
  })

  it("ends also for a copy of its cookie when its browser signs out", async () => {
    const session = await aSession(await aMember())
    await signOut(session)
    expect(await findSessionMember(session)).toBeNull()
    await signOut(session)
  })

  it("ends when it expires, and when its member is disabled", async () => {
    const session = await aSession(await aMember())
    await db.session.update({
      where: { id: session.sessionId },
      data: { expiresAt: new Date(Date.now() - 1000) },
    })
    expect(await findSessionMember(session)).toBeNull()

    const disabled = await aMember()
    const theirs = await aSession(disabled)
    await editMember(await anAdmin(), disabled, { disabled: true })
    expect(await findSessionMember(theirs)).toBeNull()
    expect((await listSessions(disabled, "")).items).toEqual([])
  })

  it("records its use at most every five minutes", async () => {
    const session = await aSession(await aMember())
    const lastUsed = async () =>
      (await db.session.findUniqueOrThrow({ where: { id: session.sessionId } })).lastUsedAt
    const made = await lastUsed()
    await findSessionMember(session)
    expect(await lastUsed()).toEqual(made)

    const earlier = new Date(Date.now() - 6 * MINUTE)
    await db.session.update({ where: { id: session.sessionId }, data: { lastUsedAt: earlier } })
    await Promise.all(Array.from({ length: 10 }, () => findSessionMember(session)))
    expect((await lastUsed()).getTime()).toBeGreaterThan(earlier.getTime() + MINUTE)
  })
})

describe("a member's sessions", () => {
  it("are listed to the member alone, and end one by one or all but the current", async () => {
    const member = await aMember()
    const [here, phone, old] = [
      await aSession(member),
      await aSession(member),
      await aSession(member),
    ]
    const stranger = await aSession(await aMember())
    const ids = async () =>
      (await listSessions(member, here.sessionId)).items.map(({ id }) => id).sort()

    const { items } = await listSessions(member, here.sessionId)
    expect(items).toHaveLength(3)
    expect(items.filter(({ current }) => current).map(({ id }) => id)).toEqual([here.sessionId])
    expect(items[0]).toMatchObject({ agent: "Chrome on Linux", lastUsedAt: expect.any(String) })

    const by = await sessionMember(here)
    await endSession(by, old.sessionId)
    expect(await findSessionMember(old)).toBeNull()
    expect(await ids()).toEqual([here.sessionId, phone.sessionId].sort())
    for (const id of [old.sessionId, stranger.sessionId, "not-an-id"]) {
      await expect(endSession(by, id)).rejects.toBeRefusal("not_found")
    }

    await endOtherSessions(by)
    expect(await ids()).toEqual([here.sessionId])
    expect(await findSessionMember(stranger)).not.toBeNull()
    const audited = await db.auditEntry.findMany({ where: { action: "session.end" } })
    expect(audited.map(({ details }) => details)).toEqual([{ sessions: 1 }, { sessions: 1 }])
  })

  it("are all ended by an admin, and a new one can begin after that", async () => {
    const [admin, member] = [await anAdmin(), await aMember({ name: "Ada" })]
    const sessions = [await aSession(member), await aSession(member)]

    const by = await actingAdmin(admin)
    expect(await endMemberSessions(by, member)).toEqual({ name: "Ada" })

    for (const session of sessions) expect(await findSessionMember(session)).toBeNull()
    expect(await findSessionMember(await aSession(member, 1))).not.toBeNull()
    expect(await db.auditEntry.count({ where: { action: "session.end_all" } })).toBe(1)
    const unknown = "01a20e37-1124-7000-b66b-5d65dec0defa"
    await expect(endMemberSessions(by, unknown)).rejects.toBeRefusal("not_found")
  })

  it("are deleted a month after they ended, not before", async () => {
    const member = await aMember()
    const [fresh, ended, longEnded, expired] = await Promise.all(
      Array.from({ length: 4 }, () => aSession(member)),
    )
    const set = (session: typeof fresh, data: { endedAt?: Date; expiresAt?: Date }) =>
      db.session.update({ where: { id: session?.sessionId ?? "" }, data })
    await set(ended, { endedAt: inDays(-1) })
    await set(longEnded, { endedAt: inDays(-31) })
    await set(expired, { expiresAt: inDays(-31) })

    await sweepSessions()

    const kept = (await db.session.findMany()).map(({ id }) => id).sort()
    expect(kept).toEqual([fresh?.sessionId, ended?.sessionId].sort())
  })
})
