import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSession } from "#testing/builders/a-session.ts"
import { editMember } from "./edit-member.ts"
import { listMembers } from "./list-members.ts"
import { findSessionMember } from "./sign-in/session.ts"

const activeAdmins = () => db.member.count({ where: { role: "admin", disabledAt: null } })

describe("editMember", () => {
  it("never leaves the installation without an admin when all disable each other at once", async () => {
    const admins = await Promise.all(Array.from({ length: 8 }, () => anAdmin()))

    await Promise.allSettled(
      admins.flatMap((admin, n) => {
        const other = admins[(n + 1) % admins.length] ?? admin
        return [
          editMember(admin, other, { disabled: true }),
          editMember(other, admin, { role: "member" }),
        ]
      }),
    )

    expect(await activeAdmins()).toBeGreaterThanOrEqual(1)
  })

  it("keeps one of two admins who resign simultaneously, in every round", async () => {
    for (let round = 0; round < 10; round += 1) {
      await db.member.deleteMany()
      const [one, other] = await Promise.all([anAdmin(), anAdmin()])

      const all = await Promise.allSettled([
        editMember(one, one, { role: "member" }),
        editMember(other, other, { role: "member" }),
      ])

      expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
      expect(await activeAdmins()).toBe(1)
    }
  })

  it("refuses to disable the last active admin or to take the role", async () => {
    const admin = await anAdmin()
    await anAdmin({ disabledAt: new Date() })

    for (const edit of [{ disabled: true }, { role: "member" as const }]) {
      await expect(editMember(admin, admin, edit)).rejects.toBeRefusal("conflict")
    }
    expect(await db.auditEntry.count()).toBe(0)
  })

  it("ends a disabled member's sessions, which stay ended when enabled again", async () => {
    const admin = await anAdmin()
    const memberId = await aMember()
    const session = await aSession(memberId)
    expect(await findSessionMember(session)).not.toBeNull()

    await editMember(admin, memberId, { disabled: true })
    expect(await findSessionMember(session)).toBeNull()

    await editMember(admin, memberId, { disabled: false })
    expect(await findSessionMember(session)).toBeNull()
  })

  it("writes its changes, and only those, into the audit log", async () => {
    const admin = await anAdmin({ name: "Grace", email: "grace@example.org" })
    const member = await aMember({ name: "Ada", email: "ada@example.org" })

    const view = await editMember(admin, member, { disabled: false, role: "admin", quotaBytes: 5 })

    expect(view).toMatchObject({ role: "admin", quotaBytes: 5, disabled: false })
    const entries = await db.auditEntry.findMany({ orderBy: { at: "asc" } })
    expect(entries).toMatchObject([
      {
        actor: "Grace <grace@example.org>",
        actorId: admin,
        action: "member.role",
        targetId: member,
        details: { member: "Ada <ada@example.org>", role: "admin" },
      },
      { action: "member.quota", details: { quotaBytes: 5 } },
    ])
  })

  it("refuses a caller who is no longer an admin and a member who does not exist", async () => {
    const admin = await anAdmin()
    const former = await anAdmin({ disabledAt: new Date() })
    const member = await aMember()

    await expect(editMember(former, member, { disabled: true })).rejects.toBeRefusal("forbidden")
    await expect(
      editMember(admin, "00000000-0000-4000-8000-000000000000", { disabled: true }),
    ).rejects.toBeRefusal("not_found")
  })
})

describe("listMembers", () => {
  it("pages through all members once, newest first", async () => {
    const admin = await anAdmin()
    for (let n = 0; n < 6; n += 1) await aMember({ name: `Member ${n}` })

    const first = await listMembers(admin, { limit: 4 })
    const second = await listMembers(admin, { limit: 4, cursor: first.nextCursor ?? "" })

    expect(first.items.map(({ name }) => name)).toEqual([
      "Member 5",
      "Member 4",
      "Member 3",
      "Member 2",
    ])
    expect(second.items.map(({ name }) => name)).toEqual(["Member 1", "Member 0", "Grace Hopper"])
    expect(second.nextCursor).toBeNull()
    expect([first.total, second.total]).toEqual([7, 7])
    const back = await listMembers(admin, { limit: 4, cursor: second.prevCursor ?? "" })
    expect(back).toEqual(first)
    const found = await listMembers(admin, { q: "MEMBER", limit: 4 })
    expect(found).toMatchObject({ items: first.items, total: 6 })
    await expect(listMembers(admin, { limit: 4, cursor: "x" })).rejects.toBeRefusal("invalid")
  })

  it("finds a part of a name or address literally, and returns no hash", async () => {
    const admin = await anAdmin()
    await aMember({ name: "100% Ada" })
    await aMember({ name: "1000 Ada", email: "a_b@example.org" })
    await aMember({ name: "Axb", email: "axb@example.org" })

    expect((await listMembers(admin, { q: "100% a", limit: 9 })).items).toHaveLength(1)
    expect((await listMembers(admin, { q: "A_B@", limit: 9 })).items).toHaveLength(1)
    expect(JSON.stringify(await listMembers(admin, { limit: 9 }))).not.toContain("no password")
  })
})
