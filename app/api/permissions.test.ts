import { randomBytes, randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import type { Call } from "#lib/api/call.ts"
import { CALLS } from "#lib/api/calls/all-calls.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { COOKIES, signUnlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import {
  CALLERS,
  type Caller,
  type Case,
  type Target,
  takesAdmin,
} from "#testing/permissions/callers.ts"
import { CASES } from "#testing/permissions/cases.ts"
import { permissionsPage } from "#testing/permissions/permissions-page.ts"
import { aCase } from "#testing/permissions/targets.ts"
import {
  LINK_PASSWORD,
  LINKS,
  type LinkKind,
  VISITOR_CALLS,
} from "#testing/permissions/visitor-calls.ts"
import { future, past } from "#testing/units.ts"
import { VISITOR_ASSETS } from "#testing/visitors/visitor-assets.ts"
import { ADDRESSES, createVisitor } from "../../visitor/answer.ts"

const ROWS = Object.entries<Case[]>(CASES).flatMap(([at, rows]) =>
  rows.map((row) => [at, row.what, row] as const),
)

/** A request for files is a row of `share`: the ids of each are unknown to the calls of the other. */
const OTHER_KIND: Partial<Record<Target, Target>> = {
  share: "request",
  "share its owner revoked": "request its owner revoked",
  "share an admin revoked": "request its owner revoked",
  request: "share",
  "request its owner revoked": "share its owner revoked",
}
const ROWS_OF_KINDS = ROWS.filter(([, , { on }]) => on && OTHER_KIND[on])
const ROWS_BY_PATH = ROWS_OF_KINDS.filter(([at]) => at.includes("{id}"))
/** An admin's bulk calls take ids of both kinds. */
const ROWS_BY_BODY = ROWS_OF_KINDS.filter(
  ([at, , { body }]) => body && !at.includes("{id}") && !at.includes(" /admin/"),
)
const WRITES_OF_ADMINS = ROWS.filter(([at, , row]) => takesAdmin(at, row))

type Made = { id: string; as: string | null }

const ask = (at: string, { body, query }: Case, { id, as }: Made, headers = {}) =>
  callApi(at, { as, id, body: body?.(id, as), query: query?.(id) ?? "", headers })

const hasHead = (at: string) =>
  at.startsWith("GET ") && !CALLS.some((call: Call) => call.at === at && call.redirects)

/** Asks by GET and by HEAD, or by the call's own method. */
async function askAll(
  at: string,
  row: Case,
  makeCase: () => Promise<Made>,
  { headers = {} }: { headers?: Record<string, string> } = {},
) {
  const statuses: number[] = []
  for (const one of hasHead(at) ? [at, at.replace("GET", "HEAD")] : [at]) {
    const made = await makeCase()
    const answer = await ask(one, row, made, headers)
    await answer.body?.cancel()
    statuses.push(answer.status)
  }
  const [status, ...others] = statuses
  for (const other of others) expect(other).toBe(status)
  return status ?? 0
}

/** Makes a case of an admin whose session was confirmed an hour ago. */
async function anUnconfirmedCase({ on }: Case): Promise<Made> {
  const { id, as } = await aCase(on, "admin")
  if (!as) throw new Error("an admin is signed in")
  await signIn(as)
  const confirmedAt = past()
  await db.session.updateMany({ where: { memberId: as }, data: { confirmedAt } })
  return { id, as }
}

describe("the members' API", () => {
  it("has cases for every call, and for no other", () => {
    expect(Object.keys(CASES).sort()).toEqual(CALLS.map(({ at }) => at).sort())
  })

  it.each(ROWS)("answers %s (%s) to each as the table says", async (at, _what, row) => {
    const found: Record<string, number> = {}
    for (const caller of Object.keys(CALLERS) as Caller[]) {
      found[caller] = await askAll(at, row, () => aCase(row.on, caller))
    }
    expect(found).toEqual(row.statuses)
  })

  it.each(ROWS_BY_PATH)(
    "answers %s (%s) with 404 for an id of the other kind",
    async (at, _what, row) => {
      const caller = at.includes(" /admin/") ? "admin" : "owner"
      const made = await aCase(row.on && OTHER_KIND[row.on], caller)
      const before = await db.share.findUniqueOrThrow({ where: { id: made.id } })
      expect(await askAll(at, row, async () => made)).toBe(404)
      expect(await db.share.findUniqueOrThrow({ where: { id: made.id } })).toEqual(before)
    },
  )

  it.each(ROWS_BY_BODY)(
    "does nothing by %s (%s) to an id of the other kind",
    async (at, _what, row) => {
      const made = await aCase(row.on && OTHER_KIND[row.on], "owner")
      const before = await db.share.findUniqueOrThrow({ where: { id: made.id } })
      const answer = await ask(at, row, made)
      expect([{ ids: [] }, { count: 0 }]).toContainEqual(await answer.json())
      expect(await db.share.findUniqueOrThrow({ where: { id: made.id } })).toEqual(before)
    },
  )

  it.each(WRITES_OF_ADMINS)(
    "lets an admin %s (%s) an hour after signing in only if it is listed as immediate",
    async (at, _what, row) => {
      const made = await anUnconfirmedCase(row)
      const entries = await db.auditEntry.count()

      const answer = await ask(at, row, made)

      const isRefused = (await answer.text()).includes('"confirm_required"')
      expect([isRefused, answer.status]).toEqual(
        row.immediate ? [false, row.statuses.admin] : [true, 403],
      )
      if (isRefused) expect(await db.auditEntry.count()).toBe(entries)
    },
  )

  it("refuses every write that does not come from the app's pages", async () => {
    const members = [await aMember(), await anAdmin()]
    for (const [at, , row] of ROWS.filter(([at]) => !at.startsWith("GET "))) {
      for (const as of members) {
        const status = await askAll(at, row, async () => ({ id: randomUUID(), as }), {
          headers: { origin: "https://evil.example" },
        })
        expect([at, status]).toEqual([at, 403])
      }
    }
  })
})

const visitor = createVisitor(VISITOR_ASSETS)

type Asked = { method: string; path: string; headers?: Record<string, string>; body?: string }

const answer = ({ method, path, headers = {}, body = "" }: Asked) =>
  visitor({
    method,
    path,
    query: new URLSearchParams(),
    nonce: "nonce",
    storeOrigin: "",
    clientAddress: `192.0.2.${randomBytes(1)[0]}`,
    header: (name) => headers[name],
    readBody: async () => body,
    isGone: () => false,
  })

const linkPasswordHash = await hashPassword(LINK_PASSWORD)

async function aLinkOf(kind: LinkKind) {
  const passwordHash = kind === "open" ? null : linkPasswordHash
  const link = await aLink({ passwordHash, revokedAt: kind === "revoked" ? new Date() : null })
  const { fileId, linkId, token } = link
  const altered = (token[0] === "A" ? "B" : "A") + token.slice(1)
  if (kind === "unknown") return { fileId, token: linkToken(newPublicId()), cookie: "" }
  if (kind === "altered") return { fileId, token: altered, cookie: "" }
  const bound = { linkId, passwordVersion: 0, expiresAt: future() }
  const cookie = kind === "unlocked" ? `${COOKIES.unlock}=${signUnlock(bound)}` : ""
  return { fileId, token, cookie }
}

describe("the addresses of a link", () => {
  it("have a row for every method", () => {
    const expected = ADDRESSES.flatMap(({ at, noHead }) => {
      if (!at.includes(" /s/")) return []
      return at.startsWith("GET") && !noHead ? [at, at.replace("GET", "HEAD")] : [at]
    })
    const inTable = VISITOR_CALLS.filter(({ what }) => what !== "another method").flatMap(
      ({ call }) => {
        const [methods = "", address = ""] = call.split(" ")
        if (!address.startsWith("/s/")) return []
        return methods.split("|").map((method) => `${method} ${address}`)
      },
    )
    expect([...new Set(inTable)].sort()).toEqual(expected.sort())
  })

  it.each(VISITOR_CALLS.map((row) => [row.call, row.what, row] as const))(
    "answer %s (%s) as the table says, signed in or not",
    async (_call, _what, { call, json, body, statuses }) => {
      const [methods = "", address = ""] = call.split(" ")
      const session = await aSessionCookie(await aMember())
      for (const signedIn of ["", `next-auth.session-token=${session}; `]) {
        for (const method of methods.split("|")) {
          const found: Record<string, number> = {}
          for (const kind of Object.keys(LINKS) as LinkKind[]) {
            const { token, fileId, cookie } = await aLinkOf(kind)
            const path = address.replace("{token}", token).replace("{file}", fileId)
            const accept = json ? "application/json" : "text/html"
            const headers = { accept, cookie: `${signedIn}${cookie}`, "user-agent": "curl/8.14.1" }
            const { status } = await answer({ method, path, headers, ...(body ? { body } : {}) })
            found[kind] = status
          }
          expect(found).toEqual(statuses)
        }
      }
    },
  )
})

it("docs/permissions.md says what the tables say", async () => {
  await expect(permissionsPage()).toMatchFileSnapshot("../../docs/permissions.md")
})
