import { beforeEach, describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { acceptInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { readOverview } from "#lib/rooms/admin/overview.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/a-session.ts"
import { withProvider } from "#testing/provider/with-provider.ts"
import { editMember } from "../edit-member.ts"
import type { AdminId, PersonId } from "../member.ts"
import { changeName } from "../profile/change-name.ts"
import { findSessionMember, startSession } from "../sign-in/session.ts"
import { type Claims, personOf } from "./judge-claims.ts"
import { claimRules, signInByProvider } from "./sign-in-by-provider.ts"

const ISSUER = "https://login.example.org"
const ADA = { iss: ISSUER, sub: "ada", email: "ada@example.org", email_verified: true, name: "Ada" }
const set = withProvider()
let admin: AdminId
beforeEach(async () => {
  set({ OIDC_ISSUER: ISSUER, OIDC_ALLOWED_GROUPS: ["staff"] })
  admin = await anAdmin({ email: "grace@example.org" })
})

const signIn = async (claims: Claims = {}) =>
  signInByProvider(personOf({ ...ADA, ...claims }, await claimRules()), endUploads)
const STAFF = { groups: ["staff"] }
const GONE = { groups: ["others"] }
const memberOf = (id: string) => db.member.findUniqueOrThrow({ where: { id } })
const entries = (action: string) => db.auditEntry.findMany({ where: { action } })
const REFUSED = ["forbidden", { message: expect.stringContaining("doesn’t have access") }] as const

describe("access that a group gave", () => {
  it("ends with the group at the next sign-in, in every browser and every upload, and comes back with it", async () => {
    const claim = await signIn(STAFF)
    const session = await startSession(claim, null)
    await aStartedFile({ owner: claim.memberId as PersonId })

    await expect(signIn(GONE)).rejects.toBeRefusal(...REFUSED)
    expect(await findSessionMember(session)).toBeNull()
    expect((await memberOf(claim.memberId)).disabledAt).not.toBeNull()
    expect(await db.object.count({ where: { state: "uploading" } })).toBe(0)
    expect(await entries("file.cancel")).toMatchObject([{ actorId: null }])
    await expect(signIn(GONE)).rejects.toBeRefusal(...REFUSED)
    await expect(signIn()).rejects.toBeRefusal(...REFUSED) // groups were not sent: nothing changes
    expect(await entries("member.disable")).toMatchObject([
      {
        actorId: null,
        targetId: claim.memberId,
        details: { how: "provider", provider: "Example" },
      },
    ])

    const again = await startSession(await signIn(STAFF), null)
    expect(await findSessionMember(again)).toMatchObject({ id: claim.memberId })
    expect(await findSessionMember(session)).toBeNull()
    expect(await entries("member.enable")).toHaveLength(1)
  })

  it("stays if the provider sent no groups", async () => {
    await signIn(STAFF)
    for (const claims of [{}, { _claim_names: { groups: "src1" } }]) {
      await expect(signIn(claims)).resolves.toMatchObject({ memberId: expect.any(String) })
    }
  })

  it("is not required of invited and linked members", async () => {
    await inviteMember(admin, { email: ADA.email, role: "member" })
    await aMember({ email: "bea@example.org" })
    const bea = { sub: "bea", email: "bea@example.org", ...GONE }

    for (const claims of [GONE, bea, GONE, bea]) await signIn(claims)

    expect(await db.member.count({ where: { disabledAt: null } })).toBe(3)
  })

  it("follows what an admin decides: disabled stays out, and enabled stays in", async () => {
    const { memberId } = await signIn(STAFF)
    await expect(signIn(GONE)).rejects.toBeRefusal(...REFUSED)

    await editMember(admin, memberId, { disabled: true })
    await expect(signIn(STAFF)).rejects.toBeRefusal("forbidden")
    await editMember(admin, memberId, { disabled: false })
    await expect(signIn(GONE)).resolves.toMatchObject({ memberId })
  })

  it("stays for the last active admin, which audit log and overview say, until there is another", async () => {
    set({ OIDC_ADMIN_CLAIM: { claim: "groups", value: "boss" } })
    const { memberId } = await signIn({ groups: ["staff", "boss"] })
    await editMember(admin, admin, { role: "member" })

    await signIn(GONE)
    await signIn(GONE)

    expect(await memberOf(memberId)).toMatchObject({ role: "admin", disabledAt: null })
    expect(await entries("member.keep_admin")).toMatchObject([{ targetId: memberId }])
    expect(await readOverview(admin)).toMatchObject({ keptAdmin: "Ada" })

    await db.member.update({ where: { id: admin }, data: { role: "admin" } })
    expect(await readOverview(admin)).toMatchObject({ keptAdmin: null })
    await expect(signIn(GONE)).rejects.toBeRefusal(...REFUSED)
    expect(await memberOf(memberId)).toMatchObject({ role: "member" })
    expect(await readOverview(admin)).toMatchObject({ keptAdmin: null })
  })

  it("makes an auditor, whom the next sign-in makes an admin or a member", async () => {
    set({
      OIDC_ADMIN_CLAIM: { claim: "groups", value: "boss" },
      OIDC_AUDITOR_CLAIM: { claim: "groups", value: "audit" },
    })
    const roles = async (...groups: string[]) => {
      const { memberId } = await signIn({ groups: ["staff", ...groups] })
      const { role, auditor } = await memberOf(memberId)
      return [role, auditor]
    }
    expect(await roles("audit")).toEqual(["member", true])
    expect(await roles("boss")).toEqual(["admin", false])
    expect(await roles("audit")).toEqual(["member", true])
    expect(await roles()).toEqual(["member", false])
    expect(await entries("member.role")).toHaveLength(3)
  })

  it("never leaves the installation without an admin when all lose it at once", async () => {
    set({ OIDC_ADMIN_CLAIM: { claim: "groups", value: "boss" } })
    const people = Array.from({ length: 6 }, (_, n) => ({
      sub: `${n}`,
      email: `${n}@example.org`,
    }))
    for (const person of people) await signIn({ ...person, groups: ["staff", "boss"] })
    await editMember(admin, admin, { role: "member" })

    await Promise.allSettled(people.map((person) => signIn({ ...person, ...GONE })))

    expect(await db.member.count({ where: { role: "admin", disabledAt: null } })).toBe(1)
  })
})

describe("name and address of a linked member", () => {
  it("follow the provider at each sign-in, as far as it sent them", async () => {
    const { memberId } = await signIn(STAFF)

    await signIn({ ...STAFF, name: "Ada Lovelace", email: "lovelace@example.org" })
    expect(await memberOf(memberId)).toMatchObject({
      name: "Ada Lovelace",
      email: "lovelace@example.org",
    })
    expect(await entries("member.email")).toMatchObject([
      { details: { before: "ada@example.org", how: "provider" } },
    ])

    await signIn({ ...STAFF, name: undefined, email: undefined })
    await signIn({ ...STAFF, name: undefined, email: "no@example.org", email_verified: false })
    expect(await memberOf(memberId)).toMatchObject({
      name: "Ada Lovelace",
      email: "lovelace@example.org",
    })
  })

  it("never take the address of another member, also when two are given it at once", async () => {
    const { memberId } = await signIn(STAFF)
    const bea = { sub: "bea", email: "bea@example.org", ...STAFF }
    await signIn(bea)

    await signIn({ ...STAFF, email: "grace@example.org" })
    expect(await memberOf(memberId)).toMatchObject({ email: "ada@example.org" })

    const both = [STAFF, bea].map((claims) => signIn({ ...claims, email: "new@example.org" }))
    expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
    ])
    expect(await db.member.count({ where: { email: "new@example.org" } })).toBe(1)
  })

  it("are not changed here", async () => {
    const { memberId } = await signIn(STAFF)
    const by = await acting(memberId as PersonId)
    await expect(changeName(by, "Somebody")).rejects.toBeRefusal("conflict")
    expect(await memberOf(memberId)).toMatchObject({ name: "Ada" })
  })
})

describe("an invitation without an address", () => {
  it("is refused with the provider set, also one that was made before", async () => {
    set({ OIDC_ISSUER: undefined })
    const { url } = await inviteMember(admin, { email: null, role: "member" })
    const open = { token: url.split("/").at(-1) ?? "", name: "Eve", password: "a long password" }

    set({ OIDC_ISSUER: ISSUER })
    await expect(inviteMember(admin, { email: null, role: "member" })).rejects.toBeRefusal(
      "invalid",
      { field: "email" },
    )
    const accepted = acceptInvite({ ...open, email: "victim@example.org" })
    await expect(accepted).rejects.toBeRefusal("not_allowed")
    expect([await db.invite.count(), await db.member.count()]).toEqual([1, 1])
  })
})
