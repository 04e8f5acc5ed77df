import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { makeAdmin } from "#lib/rooms/accounts/setup/make-admin.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi } from "#testing/call-api.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import { CALLS } from "./all-calls.ts"

/** What belongs to others: a share with a recipient, a request with a file, an invitation, a team. */
async function belongings() {
  const [owner, admin] = [await aMember(), await anAdmin()]
  const file = await aFile({ owner })
  const share = await aShare({ owner, fileIds: [file.id] })
  const request = await aRequest({ owner })
  await sentBy(await aGuest(request.publicId))
  const invite = await inviteMember(admin, { email: "pia@example.org", role: "member" })
  const team = await aTeam({ manager: owner })
  return { owner, admin, ids: [file.id, share.id, request.id, invite.id, team, owner, admin] }
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
  it("reads everything that admins read, and no address of a link or an invitation", async () => {
    const { admin, ids } = await belongings()
    const auditor = await aMember({ role: "auditor" })
    const addresses = { auditor: 0, admin: 0 }
    for (const { at } of CALLS.filter(({ by }) => by === "auditor"))
      for (const id of at.includes("{id}") ? ids : [""]) {
        const [theirs, admins] = [
          await callApi(at, { as: auditor, id }),
          await callApi(at, { as: admin, id }),
        ]
        expect([at, theirs.status]).toEqual([at, admins.status])
        const [text, full] = [await theirs.text(), await admins.text()]
        expect([at, linkIn(text)]).toEqual([at, undefined])
        if (!theirs.headers.get("content-type")?.includes("json") || at.endsWith(".jsonl")) continue
        const set = (answer: string) =>
          valuesOf("url", JSON.parse(answer)).filter((url) => linkIn(String(url))).length
        addresses.auditor += set(text)
        addresses.admin += set(full)
      }
    // The count works: an admin gets those of the share and the request, in lists and alone.
    expect(addresses).toEqual({ auditor: 0, admin: 4 })
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
