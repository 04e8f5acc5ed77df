import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
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
import { aCase } from "#testing/permissions/targets.ts"
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
  let tokens: Map<Scope, string>
  beforeEach(async () => {
    const admin = await anAdmin()
    const made = SCOPES.map(async (scope) => [scope, (await aToken(admin, [scope])).token] as const)
    tokens = new Map(await Promise.all(made))
  })

  it.each(ALL)("makes %s with its scope alone", async (at) => {
    const refused: Scope[] = []
    for (const [scope, token] of tokens) {
      if (at !== "GET /me" && TOKEN_CALLS[scope].includes(at)) continue
      const answer = await callApi(at, { as: null, id: randomUUID(), headers: by(token) })
      if (answer.status === 403 && (await codeOf(answer)) === "scope") refused.push(scope)
    }
    const others = SCOPES.filter((scope) => !TOKEN_CALLS[scope].includes(at))
    expect(refused).toEqual(at === "GET /me" ? [] : others)
  })
})

const ALLOWED = BY_SCOPE.flatMap(([scope, calls]) =>
  calls.flatMap((at) => rowsOf(at).map((row) => [at, row.what, scope, row] as const)),
)

describe("a call by a token of its scope", () => {
  it.each(ALLOWED)(
    "answers %s (%s) as to its member, without a confirmation",
    async (at, _what, scope, row) => {
      const isAdmins = scope.startsWith("admin:")
      const { id, as } = await aCase(row.on, isAdmins ? "admin" : "owner")
      const { token } = await aToken(as ?? "", [scope])
      await db.session.updateMany({ where: {}, data: { confirmedAt: new Date(0) } })

      const answer = await callApi(at, {
        as: null,
        id,
        query: row.query?.(id) ?? "",
        headers: by(token),
        body: row.body?.(id, as),
      })

      await answer.body?.cancel()
      expect(answer.status).toBe(isAdmins ? row.statuses.admin : row.statuses.owner)
    },
  )

  const OWN = ALLOWED.filter(([at, , , row]) => row.on && !at.includes(" /admin/"))

  it.each(OWN)(
    "answers %s (%s) to an admin's token only about the admin's own",
    async (at, _what, scope, row) => {
      const { id, as } = await aCase(row.on, "admin")
      const { token } = await aToken(as ?? "", [...SCOPES])

      const answer = await callApi(at, {
        as: null,
        id,
        query: row.query?.(id) ?? "",
        headers: by(token),
        body: row.body?.(id, as),
      })

      await answer.body?.cancel()
      expect([scope, answer.status]).toEqual([scope, row.statuses.other])
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
