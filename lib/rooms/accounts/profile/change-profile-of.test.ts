import { afterEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { callApi } from "#testing/call-api.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { makePasswordReset } from "../passwords/make-password-reset.ts"
import { findPasswordReset } from "../passwords/reset-password.ts"

const PATCH = "PATCH /admin/users/{id}"

const change = (as: string, id: string, body: object) => callApi(PATCH, { as, id, body })
const refused = async (answer: Response) => [answer.status, (await answer.json()).field]

describe("PATCH /admin/users/{id}", () => {
  afterEach(withoutMail)

  it("changes name and address, in the audit log, with a mail to both addresses", async () => {
    mailBy(1)
    const [admin, ada] = [await anAdmin(), await aMember({ email: "ada@example.org" })]
    const { url } = await makePasswordReset({ by: null, member: { id: ada } })

    const answer = await change(admin, ada, { name: "Ada King", email: "King@example.org" })

    expect(await answer.json()).toMatchObject({ name: "Ada King", email: "king@example.org" })
    const toldAt = async (toAddress: string) =>
      JSON.stringify(await db.mail.findMany({ where: { toAddress }, select: { values: true } }))
    for (const address of ["king@example.org", "ada@example.org"]) {
      const told = await toldAt(address)
      for (const word of [/"email"/, /king@example.org/, /Grace Hopper/]) expect(told).toMatch(word)
    }
    expect(await toldAt("king@example.org")).toContain("Ada King")
    const entries = await db.auditEntry.findMany({
      where: { targetId: ada, actorId: admin },
      orderBy: { action: "desc" },
    })
    expect(entries).toMatchObject([
      { action: "member.name", details: { before: "Ada Lovelace", how: "for_member" } },
      { action: "member.email", details: { before: "ada@example.org", how: "for_member" } },
    ])
    // The link went to the member's former address.
    expect(await findPasswordReset(url.split("/").at(-1) ?? "")).toBeNull()
  })

  it("refuses an address of another member, also when two are given one at once", async () => {
    const [admin, ada, bea] = [
      await anAdmin({ email: "g@example.org" }),
      await aMember(),
      await aMember(),
    ]

    expect(await refused(await change(admin, ada, { email: "g@example.org" }))).toEqual([
      409,
      "email",
    ])
    const both = await Promise.all(
      [ada, bea].map((id) => change(admin, id, { email: "new@example.org" })),
    )
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it("refuses fields that it does not know, and others beside a name or an address", async () => {
    const [admin, ada] = [await anAdmin(), await aMember()]
    for (const body of [
      { role: "admin", nmae: "Ada" },
      { role: "admin", name: "Eve" },
    ]) {
      expect((await change(admin, ada, body)).status).toBe(400)
    }
    const kept = { role: "member", name: "Ada Lovelace" }
    expect(await db.member.findUnique({ where: { id: ada } })).toMatchObject(kept)
  })

  it("leaves name and address of a linked member to the provider", async () => {
    configuration.OIDC_ISSUER = "https://login.example.org"
    try {
      const [admin, ada] = [await anAdmin(), await aMember()]
      const identity = { issuer: configuration.OIDC_ISSUER, subject: "ada", memberId: ada }
      await db.identity.create({ data: identity })
      for (const body of [{ name: "Eve" }, { email: "eve@example.org" }]) {
        expect((await change(admin, ada, body)).status).toBe(409)
      }
      expect((await change(admin, ada, { role: "admin" })).status).toBe(200)
    } finally {
      delete configuration.OIDC_ISSUER
    }
  })
})
