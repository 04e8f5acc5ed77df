import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { AdminId, PersonId } from "#lib/rooms/accounts/member.ts"
import { makeAdmin } from "#lib/rooms/accounts/setup/make-admin.ts"
import { hashPassword, verifyPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting, actingAdmin } from "#testing/builders/a-session.ts"
import { changePassword } from "./change-password.ts"
import { makePasswordReset } from "./make-password-reset.ts"
import { findPasswordReset, resetPassword } from "./reset-password.ts"

const NEW = "a new and longer password"
const memberOf = (id: string) => db.member.findUniqueOrThrow({ where: { id } })
const audited = (action: string, targetId: string) =>
  db.auditEntry.count({ where: { action, targetId } })

async function linkFor(id: PersonId, by: AdminId | null = null) {
  const { url } = await makePasswordReset({
    by: by && (await actingAdmin(by)),
    member: { id },
  })
  return new URL(url).pathname.slice("/reset/".length)
}

describe("the link to a new password", () => {
  it("changes the password once, ends the sessions, and both acts are in the audit log", async () => {
    const [admin, member] = [await anAdmin(), await aMember()]
    const before = await memberOf(member)
    const token = await linkFor(member, admin)
    expect(await memberOf(member)).toEqual(before)

    const claim = await resetPassword(token, NEW)

    const after = await memberOf(member)
    expect(claim).toEqual({ memberId: member, sessionEpoch: before.sessionEpoch + 1 })
    const place = { queue: "members", from: member } as const
    expect(await verifyPassword(after.passwordHash, NEW, place)).toBe(true)
    await expect(resetPassword(token, "yet another password")).rejects.toBeRefusal("gone")
    expect(await audited("member.reset_link", member)).toBe(1)
    expect(await audited("member.password_reset", member)).toBe(1)
  })

  it("works for only one of many who use it at once", async () => {
    const token = await linkFor(await aMember())
    const uses = Array.from({ length: 8 }, (_, n) => resetPassword(token, `${NEW} ${n}`))
    const settled = await Promise.allSettled(uses)
    expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  })

  it("ends when the member changes the password, and when the member is disabled", async () => {
    const [admin, changing] = [
      await anAdmin(),
      await aMember({ passwordHash: await hashPassword(NEW) }),
    ]
    const disabled = await aMember()
    const tokens = [await linkFor(changing), await linkFor(disabled)]

    const change = { currentPassword: NEW, newPassword: "one that nobody else has" }
    await changePassword(await acting(changing), change, "192.0.2.7")
    await editMember(admin, disabled, { disabled: true })
    await editMember(admin, disabled, { disabled: false })

    for (const token of tokens) expect(await findPasswordReset(token)).toBeNull()
  })

  it("ends when a newer one is made, also when two are made at once", async () => {
    const member = await aMember()
    const tokens = await Promise.all([linkFor(member), linkFor(member), linkFor(member)])
    const found = await Promise.all(tokens.map(findPasswordReset))
    expect(found.filter(Boolean)).toHaveLength(1)
  })

  it("does not work once it expired, for a disabled member, or when its maker is no longer an admin", async () => {
    const boss = await anAdmin()
    const [late, off, of] = [await aMember(), await aMember(), await aMember()]
    const demoted = await anAdmin()
    const tokens = [await linkFor(late), await linkFor(off), await linkFor(of, demoted)]
    await db.passwordReset.updateMany({
      where: { memberId: late },
      data: { expiresAt: new Date(Date.now() - 1000) },
    })
    await editMember(boss, off, { disabled: true })
    await editMember(boss, demoted, { role: "member" })
    for (const token of tokens) {
      expect(await findPasswordReset(token)).toBeNull()
      await expect(resetPassword(token, NEW)).rejects.toBeRefusal("gone")
    }
    await expect(linkFor(off)).rejects.toBeRefusal("conflict")
  })

  it("is found only by its token, which the database does not hold", async () => {
    const token = await linkFor(await aMember())
    expect(await findPasswordReset(`${token.slice(0, -1)}_`)).toBeNull()
    expect(await findPasswordReset("")).toBeNull()
    const rows = JSON.stringify(await db.passwordReset.findMany())
    expect(rows).not.toContain(token)
  })
})

describe("makeAdmin", () => {
  it("makes an admin of a member by the address in any case, once", async () => {
    const member = await aMember()
    const { email } = await memberOf(member)
    expect(await makeAdmin(email.toUpperCase())).toMatchObject({ wasAdmin: false })
    expect(await makeAdmin(email)).toMatchObject({ wasAdmin: true })
    expect(await memberOf(member)).toMatchObject({ role: "admin" })
    expect(await audited("member.role", member)).toBe(1)
    await expect(makeAdmin("nobody@example.org")).rejects.toBeRefusal("not_found")
  })
})
