import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { makeAdmin } from "#lib/rooms/accounts/setup/make-admin.ts"
import { editRequest } from "#lib/rooms/requests/edit-request.ts"
import { revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRecipient } from "#testing/builders/a-recipient.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { acting } from "#testing/builders/acting.ts"
import { callApi } from "#testing/call-api.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import { CALLS } from "./all-calls.ts"

/** What belongs to others: a share with a recipient, a request with a file, an invitation, a team. */
async function belongings() {
  const [owner, admin] = [await aMember(), await anAdmin()]
  const file = await aFile({ owner })
  const share = await aShare({ owner, fileIds: [file.id] })
  const request = await aRequest({ owner, slug: "summer-photos" })
  await editRequest(acting(owner), request.id, { slug: "winter-photos" })
  await sentBy(await aGuest(request.publicId))
  const links = await Promise.all([
    aRecipient({ owner, shareId: share.id }),
    aRecipient({ owner, shareId: request.id, kind: "request" }),
  ])
  const invite = await inviteMember(admin, { email: "pia@example.org", role: "member" })
  const team = await aTeam({ manager: owner })
  const revoked = await aRequest({ owner, slug: "autumn-photos" })
  await revokeRequest(owner, revoked.id)
  // As the version before wrote them.
  await db.auditEntry.createMany({
    data: [
      { action: "request.create", details: { title: "Old", slug: "summer-photos" } },
      {
        action: "request.edit",
        details: { changed: "slug", slug: "winter-photos", slugBefore: "summer-photos" },
      },
    ].map((entry) => ({ ...entry, id: newId(), at: new Date(), actor: "Lapse" })),
  })
  const urls = [share.url, request.url, revoked.url, invite.url, ...links.map(({ url }) => url)]
  const tokens = urls.map((url) => url?.split("/").at(-1) ?? "")
  const publicIds = (await db.link.findMany()).map(({ publicId }) => Buffer.from(publicId))
  const addresses = [
    ...["summer-photos", "winter-photos", "autumn-photos", ...tokens],
    ...publicIds.flatMap((id) => [id.toString("hex"), id.toString("base64url")]),
  ]
  const ids = [file.id, share.id, request.id, revoked.id, invite.id, team, owner, admin]
  return { owner, admin, ids, addresses }
}

/** Every value below a key, however deep. */
function valuesOf(key: string, json: unknown): unknown[] {
  if (typeof json !== "object" || json === null) return []
  return Object.entries(json).flatMap(([name, value]) =>
    name === key ? [value] : valuesOf(key, value),
  )
}

const linkIn = (text: string) => /\/[sr]\/[A-Za-z0-9_-]{32}|\/invite\//.exec(text)?.[0]

describe("an auditor", () => {
  it("finds no entry of the audit log by the address of a request", async () => {
    await belongings()
    const as = await aMember({ role: "auditor" })
    const found = async (q: string) => {
      const answer = await callApi("GET /admin/audit", { as, query: `?q=${q}&action=request` })
      return (await answer.json()).items.length
    }
    expect([await found("summer-ph"), await found("Old"), await found("slug")]).toEqual([0, 1, 2])
  })

  it("reads everything that admins read, and no address of a link or an invitation", async () => {
    const { admin, ids, addresses } = await belongings()
    const auditor = await aMember({ role: "auditor" })
    const counted = { auditor: 0, admin: 0 }
    for (const { at } of CALLS.filter(({ by }) => by === "auditor"))
      for (const id of at.includes("{id}") ? ids : [""]) {
        const [theirs, admins] = [
          await callApi(at, { as: auditor, id }),
          await callApi(at, { as: admin, id }),
        ]
        expect([at, theirs.status]).toEqual([at, admins.status])
        const [text, full] = [await theirs.text(), await admins.text()]
        expect([at, linkIn(text)]).toEqual([at, undefined])
        expect([at, addresses.filter((part) => text.includes(part))]).toEqual([at, []])
        if (!theirs.headers.get("content-type")?.includes("json") || at.endsWith(".jsonl")) continue
        const set = (answer: string) =>
          valuesOf("url", JSON.parse(answer)).filter((url) => linkIn(String(url))).length
        counted.auditor += set(text)
        counted.admin += set(full)
      }
    // The count works: an admin gets those of the share and the requests, in lists and alone.
    expect(counted).toEqual({ auditor: 0, admin: 6 })
  }, 60_000)

  it("makes every read of an admin, and no other call is theirs", () => {
    const isAdmins = ({ at }: { at: string }) => at.includes(" /admin/") && at.startsWith("GET ")
    const reads = CALLS.filter(isAdmins)
    expect(reads.filter(({ by }) => by !== "auditor")).toEqual([])
    expect(CALLS.filter(({ by }) => by === "auditor")).toEqual(reads)
  })

  it("opens and changes nothing of others, whatever the id", async () => {
    const { ids } = await belongings()
    const as = await aMember({ role: "auditor" })
    await callApi("GET /me", { as })
    const before = await digestDatabase()
    for (const { at, by } of CALLS) {
      const isForeign = at.includes("{id}") && (by === "member" || by === "admin")
      if (!isForeign && !(by === "admin")) continue
      for (const id of at.includes("{id}") ? ids : [""]) {
        const answer = await callApi(at, { as, id, ...(at.startsWith("GET") ? {} : { body: {} }) })
        const isPeople = at === "GET /teams/{id}/members" && answer.status === 200
        if (!isPeople) expect([at, answer.status >= 400]).toEqual([at, true])
      }
    }
    expect(await digestDatabase()).toEqual(before)
  }, 60_000)

  it("is made by an admin and unmade, and is never an admin as well", async () => {
    const [as, id] = [await anAdmin(), await aMember({ email: "vera@example.org" })]
    const edit = async (role: string) => {
      const answer = await callApi("PATCH /admin/users/{id}", { as, id, body: { role } })
      return (await answer.json()).role
    }
    const reads = async () => (await callApi("GET /admin/audit", { as: id })).status

    expect([await reads(), await edit("auditor"), await reads()]).toEqual([403, "auditor", 200])
    expect((await (await callApi("GET /me", { as: id })).json()).role).toBe("auditor")
    const { items } = await (await callApi("GET /admin/users", { as, query: "?q=vera" })).json()
    expect(items).toMatchObject([{ id, role: "auditor" }])
    expect([await edit("member"), await reads()]).toEqual(["member", 403])
    await edit("auditor")
    await makeAdmin("vera@example.org")
    expect(await db.member.findUnique({ where: { id } })).toMatchObject({
      role: "admin",
      auditor: false,
    })
    const roles = await db.auditEntry.findMany({
      where: { action: "member.role", targetId: id },
      orderBy: { at: "asc" },
    })
    expect(roles.map(({ details }) => details)).toMatchObject(
      ["auditor", "member", "auditor", "admin"].map((role) => ({ role })),
    )
  })

  it("is not what an invitation makes, only an admin", async () => {
    const body = { email: "pia@example.org", role: "auditor" }
    const answer = await callApi("POST /admin/users/invites", { as: await anAdmin(), body })
    expect([answer.status, (await answer.json()).field]).toEqual([400, "role"])
    expect(await db.invite.count()).toBe(0)
  })

  it("stays one beside the version before, which does not know the role and makes no admin of one", async () => {
    const id = await aMember({ role: "auditor", email: "vera@example.org" })
    // The statements of the version before name the columns that it knows.
    const promote = db.$executeRaw`UPDATE member SET role = 'admin' WHERE id = ${id}::uuid`
    await expect(promote).rejects.toThrow("member_auditor_is_no_admin")
    await db.$executeRaw`UPDATE member SET role = 'member', name = 'Vera' WHERE id = ${id}::uuid`
    await db.$executeRaw`INSERT INTO member (id, name, email, password_hash, role)
      VALUES (${newId()}::uuid, 'Ada', 'ada@example.org', 'none', 'admin')`
    const all = await db.member.findMany({ orderBy: { name: "asc" } })
    expect(all.map(({ role, auditor }) => [role, auditor])).toEqual([
      ["admin", false],
      ["member", true],
    ])
  })

  it("is not what the last admin can become", async () => {
    const as = await anAdmin()
    const answer = await callApi("PATCH /admin/users/{id}", {
      ...{ as, id: as, body: { role: "auditor" } },
    })
    expect(answer.status).toBe(409)
  })

  it("gives a token what they may do, and the token loses it with the role", async () => {
    const [admin, as] = [await anAdmin(), await aMember({ role: "auditor" })]
    const make = async (scope: string) =>
      (await callApi("POST /tokens", { as, body: { name: "SIEM", scopes: [scope] } })).status
    expect([await make("admin:read"), await make("admin:write")]).toEqual([201, 403])
    const { token } = await aToken(as, ["admin:read", "shares:read"])
    const ask = async (at: string) =>
      (await callApi(at, { as: null, headers: { authorization: `Bearer ${token}` } })).status
    expect([await ask("GET /admin/audit"), await ask("GET /shares")]).toEqual([200, 200])
    await callApi("PATCH /admin/users/{id}", { as: admin, id: as, body: { role: "member" } })
    expect([await ask("GET /admin/audit"), await ask("GET /shares")]).toEqual([403, 200])
  })
})
