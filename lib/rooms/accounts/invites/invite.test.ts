import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acceptInvite, findInvite } from "./accept-invite.ts"
import { inviteMember, withdrawInvite } from "./invite-member.ts"
import { listInvites } from "./list-invites.ts"

const ada = { name: "Ada", email: "ada@example.org", password: "correct horse battery" }

async function anInvite(admin: AdminId, email: string | null = null) {
  const invite = await inviteMember(admin, { email, role: "member" })
  return { ...invite, token: invite.url.split("/").at(-1) ?? "" }
}

describe("inviteMember", () => {
  it("returns the link once and stores only its hash", async () => {
    const { url, token } = await anInvite(await anAdmin())

    expect(url).toMatch(/^http:\/\/localhost:3000\/invite\/[A-Za-z0-9_-]{43}$/)
    const [row] = await db.invite.findMany()
    expect(row?.tokenHash).toHaveLength(32)
    expect(JSON.stringify(await db.auditEntry.findMany())).not.toContain(token)
  })
})

describe("acceptInvite", () => {
  it("makes exactly one member of ten who use the same invite at once", async () => {
    const { token } = await anInvite(await anAdmin())

    const all = await Promise.allSettled(
      Array.from({ length: 10 }, (_, n) =>
        acceptInvite({ ...ada, email: `ada${n}@example.org`, token }),
      ),
    )

    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    for (const one of all) {
      if (one.status === "rejected") expect(one.reason).toBeRefusal("gone")
    }
    expect(await db.member.count({ where: { role: "member" } })).toBe(1)
  })

  it("does not use the invite up by showing it", async () => {
    const { token } = await anInvite(await anAdmin({ name: "Grace" }))

    expect(await findInvite(token)).toMatchObject({ inviterName: "Grace", email: null })
    expect(await findInvite(token)).not.toBeNull()
  })

  it("stays usable when the address has an account already", async () => {
    const { token } = await anInvite(await anAdmin())
    await aMember({ email: "ada@example.org" })

    await expect(acceptInvite({ ...ada, token })).rejects.toBeRefusal("conflict", {
      field: "email",
    })
    await acceptInvite({ ...ada, email: "countess@example.org", token })
  })

  it("makes one member of two invites for the same address used at once", async () => {
    const admin = await anAdmin()
    const invites = await Promise.all([anInvite(admin), anInvite(admin)])

    const all = await Promise.allSettled(
      invites.map(({ token }) => acceptInvite({ ...ada, token })),
    )

    expect(all.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect(await db.invite.count({ where: { usedAt: null } })).toBe(1)
  })

  it("accepts only the invited address if there is one", async () => {
    const { token } = await anInvite(await anAdmin(), "ada@example.org")

    await expect(acceptInvite({ ...ada, email: "eve@example.org", token })).rejects.toBeRefusal(
      "invalid",
    )
    await acceptInvite({ ...ada, token })
  })

  it("refuses an invite after 7 days, after it was withdrawn, or when its inviter is no longer an admin", async () => {
    const admin = await anAdmin()
    const inviter = await anAdmin()
    const [old, withdrawn, orphaned] = [
      await anInvite(admin),
      await anInvite(admin),
      await anInvite(inviter),
    ]
    await withdrawInvite(admin, withdrawn.id)
    await editMember(admin, inviter, { disabled: true })

    const age = (by: string) =>
      db.$executeRaw`UPDATE invite SET expires_at = expires_at - ${by}::interval`
    await age("6 days 23 hours 59 minutes")
    expect(await findInvite(old.token)).not.toBeNull()
    await age("1 minute")
    await expect(acceptInvite({ ...ada, token: old.token })).rejects.toBeRefusal("gone")
    for (const { token } of [withdrawn, orphaned, { token: "x" }, { token: "a".repeat(43) }]) {
      await expect(acceptInvite({ ...ada, token })).rejects.toBeRefusal("gone")
    }
    expect(await db.member.count({ where: { role: "member" } })).toBe(0)
  })
})

describe("listInvites", () => {
  it("lists the invites that can still be used", async () => {
    const admin = await anAdmin({ name: "Grace" })
    const used = await anInvite(admin)
    await acceptInvite({ ...ada, token: used.token })
    const open = await anInvite(admin, "byron@example.org")

    expect(await listInvites(admin)).toMatchObject([
      { id: open.id, email: "byron@example.org", invitedBy: "Grace", role: "member" },
    ])
    await expect(withdrawInvite(admin, used.id)).rejects.toBeRefusal("not_found")
  })
})
