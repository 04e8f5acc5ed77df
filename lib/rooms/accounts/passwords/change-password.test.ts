import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeName } from "#lib/rooms/accounts/profile/change-name.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import {
  findSessionMember,
  listSessions,
  startSession,
} from "#lib/rooms/accounts/sign-in/session.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { acting, aSession } from "#testing/builders/a-session.ts"
import { changePassword } from "./change-password.ts"

const address = "203.0.113.7"
const currentPassword = "correct horse battery"
const withPassword = async () =>
  aMember({ email: "ada@example.org", passwordHash: await hashPassword(currentPassword) })

describe("changePassword", () => {
  it("ends every other session and keeps this one", async () => {
    const memberId = await withPassword()
    const before = await aSession(memberId)

    const claim = await changePassword(
      await acting(memberId),
      { currentPassword, newPassword: "a new password" },
      address,
    )

    expect(await findSessionMember(before)).toBeNull()
    expect((await listSessions(memberId, "")).items).toEqual([])
    expect(await findSessionMember(await startSession(claim, null))).not.toBeNull()
    const email = "ada@example.org"
    expect(await verifyCredentials({ email, password: currentPassword, address })).toBeNull()
    expect(await verifyCredentials({ email, password: "a new password", address })).toEqual(claim)
  })

  it("lets one of several simultaneous changes win, and ends the sessions of none twice", async () => {
    const memberId = await withPassword()

    const by = await acting(memberId)
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, (_, n) =>
        changePassword(by, { currentPassword, newPassword: `new password ${n}` }, address),
      ),
    )

    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    expect(await db.member.findUnique({ where: { id: memberId } })).toMatchObject({
      sessionEpoch: 1,
    })
    expect(await db.auditEntry.count({ where: { action: "member.password" } })).toBe(1)
  })

  it("refuses a wrong current password, and slows guesses at it", async () => {
    const by = await acting(await withPassword())
    const guess = () =>
      changePassword(by, { currentPassword: "wrong", newPassword: "a new password" }, address)

    for (let n = 0; n < 10; n += 1) {
      await expect(guess()).rejects.toBeRefusal("invalid", { field: "currentPassword" })
    }
    await expect(guess()).rejects.toBeRefusal("too_many")
  })
})

describe("changeName", () => {
  it("writes the former name into the audit log", async () => {
    const member = await aMember({ name: "Ada Byron" })

    const by = await acting(member)
    await changeName(by, "Ada Lovelace")
    await changeName(by, "Ada Lovelace")

    expect(await db.auditEntry.findMany()).toMatchObject([
      { action: "member.name", targetId: member, details: { before: "Ada Byron" } },
    ])
  })
})
