import { randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { type At, CALLS } from "#lib/api/calls/all-calls.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { SCOPES, type Scope } from "#lib/rooms/accounts/tokens/token.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi } from "#testing/call-api.ts"
import type { Case } from "#testing/permissions/callers.ts"
import { CASES } from "#testing/permissions/cases.ts"
import { aTarget, somePeople } from "#testing/permissions/targets.ts"
import { TOKEN_CALLS } from "#testing/permissions/token-calls.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { createVisitor } from "../../visitor/answer.ts"

createVisitor(VISITOR_ASSETS) // the pages that two calls preview

const ALL = CALLS.filter(({ by }) => by !== "anyone").map(({ at }) => at as At)
const BY_SCOPE = Object.entries(TOKEN_CALLS) as [Scope, At[]][]
const rowsOf = (at: At) => CASES[at] as Case[]

/** The headers of a program: a token, no cookie, and any origin. */
const by = (token: string) => ({
  authorization: `Bearer ${token}`,
  origin: "https://evil.example",
})

const codeOf = async (answer: Response) => (await answer.json()).code as string

describe("a token", () => {
  it("makes no call by the scopes of other calls", async () => {
    const admin = await anAdmin()
    const tokens = new Map<Scope | undefined, string>()
    for (const scope of [...SCOPES, undefined]) {
      const others = SCOPES.filter((other) => other !== scope)
      tokens.set(scope, (await aToken(admin, others)).token)
    }
    for (const at of ALL.filter((at) => at !== "GET /me")) {
      const scope = SCOPES.find((scope) => TOKEN_CALLS[scope].includes(at))
      const headers = by(tokens.get(scope) ?? "")
      const answer = await callApi(at, { as: null, id: randomUUID(), headers })
      expect([at, answer.status, await codeOf(answer)]).toEqual([at, 403, "scope"])
    }
  })

  it.each(SCOPES)("of %s alone reads whose it is", async (scope) => {
    const { token } = await aToken(await anAdmin(), [scope])
    expect((await callApi("GET /me", { as: null, headers: by(token) })).status).toBe(200)
  })
})

type Rows = { at: At; row: Case }[]

const byTarget = (calls: At[]) => {
  const rows: Rows = calls.flatMap((at) => rowsOf(at).map((row) => ({ at, row })))
  return [...Map.groupBy(rows, ({ row }) => row.on)]
}

async function statusOf(
  at: At,
  row: Case,
  { id, as, token }: Record<"id" | "as" | "token", string>,
) {
  const answer = await callApi(at, {
    as: null,
    id,
    query: row.query?.(id) ?? "",
    headers: by(token),
    body: row.body?.(id, as),
  })
  await answer.body?.cancel()
  return answer.status
}

describe.each(BY_SCOPE)("a call by a token of %s", (scope, calls) => {
  it.each(byTarget(calls))(
    "about a %s is answered as to its member, without a confirmation",
    async (on, rows) => {
      const people = await somePeople()
      const who = scope.startsWith("admin:") ? "admin" : "owner"
      const as = people[who]
      const { token } = await aToken(as, [scope])
      const read = await aTarget(on, people)
      for (const { at, row } of rows) {
        const id = at.startsWith("GET ") ? read : await aTarget(on, people)
        await db.session.updateMany({ where: {}, data: { confirmedAt: new Date(0) } })
        const status = await statusOf(at, row, { id, as, token })
        expect([at, row.what, status]).toEqual([at, row.what, row.statuses[who]])
      }
    },
  )
})

const OWN = byTarget(BY_SCOPE.flatMap(([, calls]) => calls.filter((at) => !/ .admin/.test(at))))

describe("a call by an admin's token", () => {
  it.each(OWN.filter(([on]) => on))(
    "about a %s is answered only about the admin's own",
    async (on, rows) => {
      const people = await somePeople()
      const { token } = await aToken(people.admin, [...SCOPES])
      const id = await aTarget(on, people)
      for (const { at, row } of rows) {
        const status = await statusOf(at, row, { id, as: people.admin, token })
        expect([at, row.what, status]).toEqual([at, row.what, row.statuses.other])
      }
    },
  )
})

describe("no token", () => {
  it("gets more by a change of roles", async () => {
    const [member, admin] = [await aMember(), await anAdmin()]
    const { token } = await aToken(admin, [...SCOPES])
    for (const [at, body] of [
      ["PATCH /admin/users/{id}", { role: "admin" }],
      ["PATCH /me", { name: "Eve" }],
      ["POST /tokens", { name: "More", scopes: ["admin:write"] }],
      ["POST /admin/users/invites", { email: null, role: "admin" }],
    ] as const) {
      const answer = await callApi(at, { as: null, id: member, body, headers: by(token) })
      expect([at, answer.status, await codeOf(answer)]).toEqual([at, 403, "scope"])
    }
  })

  it("acts as an admin for a member, or for a former admin", async () => {
    const [member, admin, other] = [await aMember(), await anAdmin(), await anAdmin()]
    await expect(aToken(member, ["admin:read"])).rejects.toBeRefusal("forbidden")
    const { token } = await aToken(admin, ["admin:read", "shares:read"])
    const ask = (at: string) => callApi(at, { as: null, headers: by(token) })
    expect((await ask("GET /admin/shares")).status).toBe(200)

    await editMember(other, admin, { role: "member" })

    expect((await ask("GET /admin/shares")).status).toBe(403)
    expect((await ask("GET /shares")).status).toBe(200)
  })

  it("restores for an admin what another member owns", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const { id } = await aShare({ owner })
    await revokeShare(owner, id)
    const { token } = await aToken(admin, ["shares:write"])
    const answer = await callApi("POST /shares/{id}/restore", { as: null, id, headers: by(token) })
    expect(answer.status).toBe(404)
  })
})
