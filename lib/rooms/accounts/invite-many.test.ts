import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeSettings } from "#lib/rooms/admin/change-settings.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { acceptInvite, findInvite } from "./invites/accept-invite.ts"
import { InvitesInput } from "./invites/invite.ts"
import { inviteByMember, inviteMembers } from "./invites/invite-member.ts"

const tokenOf = ({ url }: { url: string }) => url.split("/").at(-1) ?? ""
const newcomer = (email: string) => ({ name: "Ida", email, password: "a quiet harbour" })

describe("inviteMembers", () => {
  it("makes one invitation for each address, with role and quota", async () => {
    const admin = await anAdmin()
    const input = InvitesInput.parse({
      emails: ["Ida@example.org", "ida@example.org ", "jo@example.org"],
      quotaBytes: 5e9,
    })

    const made = await inviteMembers(admin, input)

    expect(made.map(({ email }) => email)).toEqual(["ida@example.org", "jo@example.org"])
    const [first] = made
    const token = first ? tokenOf(first) : ""
    const { memberId } = await acceptInvite({ token, ...newcomer("ida@example.org") })
    const member = await db.member.findUniqueOrThrow({ where: { id: memberId } })
    expect(member).toMatchObject({ role: "member", quotaBytes: 5_000_000_000n })
  })

  it("makes none where one of them has an account, and names it", async () => {
    await aMember({ email: "ida@example.org" })
    const input = InvitesInput.parse({ emails: ["jo@example.org", "ida@example.org"] })
    await expect(inviteMembers(await anAdmin(), input)).rejects.toBeRefusal("conflict", {
      field: "emails",
      message: "An account already exists for ida@example.org.",
    })
    expect(await db.invite.count()).toBe(0)
  })

  it("keeps the name beside an address if it is valid for a member", async () => {
    const emails = ['"Lovelace, Ada" <Ada@example.org>', `${"x".repeat(81)} <bea@example.org>`]
    const made = await inviteMembers(await anAdmin(), InvitesInput.parse({ emails }))

    expect(made).toMatchObject([
      { email: "ada@example.org", name: "Ada Lovelace" },
      { email: "bea@example.org", name: null },
    ])
    const [first] = made
    expect(await findInvite(first ? tokenOf(first) : "")).toMatchObject({ name: "Ada Lovelace" })
  })
})

describe("a member who invites", () => {
  it("may do so while a setting allows it, and the invitation ends with that", async () => {
    const [admin, member] = [await anAdmin(), await aMember()]
    await expect(inviteByMember(member, { email: null })).rejects.toBeRefusal("not_allowed")

    await changeSettings(acting(admin), { inviters: "members" })
    const made = await inviteByMember(member, { email: null })
    const token = tokenOf(made)
    expect(made.role).toBe("member")
    expect(await findInvite(token)).not.toBeNull()

    await changeSettings(acting(admin), { inviters: "admins" })
    expect(await findInvite(token)).toBeNull()
    await expect(acceptInvite({ token, ...newcomer("jo@example.org") })).rejects.toBeRefusal("gone")
  })

  it("makes at most fifty links without an address in an hour, also at once", async () => {
    const [admin, member] = [await anAdmin(), await aMember()]
    await changeSettings(acting(admin), { inviters: "members" })

    const all = await Promise.allSettled(
      Array.from({ length: 60 }, () => inviteByMember(member, { email: null })),
    )

    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(50)
    expect(await db.invite.count()).toBe(50)
    await inviteByMember(member, { email: "ivy@example.org" })
  })

  it("invites no admin, not even by an invitation that an admin made before", async () => {
    const admin = await anAdmin()
    await changeSettings(acting(admin), { inviters: "members" })
    const [made] = await inviteMembers(
      admin,
      InvitesInput.parse({ emails: ["jo@example.org"], role: "admin" }),
    )
    await anAdmin()
    await db.member.update({ where: { id: admin }, data: { role: "member" } })
    expect(await findInvite(made ? tokenOf(made) : "")).toBeNull()
  })
})
