import { randomBytes, randomUUID } from "node:crypto"
import { globSync } from "node:fs"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { COOKIES, signUnlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import { CALLERS, type Caller, type MemberCall, takesAdmin } from "#testing/permissions/callers.ts"
import { MEMBER_CALLS } from "#testing/permissions/member-calls.ts"
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

const root = path.join(import.meta.dirname, "v1")
const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

type Handler = Parameters<typeof callApi>[0]
type Module = Record<string, Handler | undefined>

const routeOf = (call: string) => {
  const [methods = "", address = ""] = call.split(" ")
  return { methods: methods.split("|"), folder: address.slice(1).replaceAll("{id}", "[id]") }
}
const load = (folder: string): Promise<Module> => import(path.join(root, folder, "route.ts"))

type Case = { id: string; as: string | null }

async function ask(
  { call, body, query }: MemberCall,
  method: string,
  { id, as }: Case,
  headers = {},
) {
  const handler = (await load(routeOf(call).folder))[method]
  if (!handler) throw new Error(`There is no ${call}.`)
  const asked = { as, method, id, body: body?.(id, as), query: query?.(id) ?? "", headers }
  return callApi(handler, asked)
}

async function askAll(row: MemberCall, makeCase: () => Promise<Case>, headers = {}) {
  const statuses: number[] = []
  for (const method of routeOf(row.call).methods) {
    const answer = await ask(row, method, await makeCase(), headers)
    await answer.body?.cancel()
    statuses.push(answer.status)
  }
  const [status, ...others] = statuses
  for (const other of others) expect(other).toBe(status)
  return status ?? 0
}

/** Makes a case of an admin whose session was confirmed an hour ago. */
async function anUnconfirmedCase({ on }: MemberCall): Promise<Case> {
  const { id, as } = await aCase(on, "admin")
  if (!as) throw new Error("an admin is signed in")
  await signIn(as)
  const confirmedAt = past()
  await db.session.updateMany({ where: { memberId: as }, data: { confirmedAt } })
  return { id, as }
}

describe("the members' API", () => {
  it("has a row for every call", async () => {
    const folders = globSync("**/route.ts", { cwd: root }).map((file) => path.dirname(file))
    const exported: string[] = []
    for (const folder of folders) {
      const module = await load(folder)
      const isOwn = (method: string) => method !== "HEAD" || module.HEAD !== module.GET
      const methods = METHODS.filter((method) => module[method] && isOwn(method))
      exported.push(...methods.map((method) => `${method} ${folder}`))
    }
    const inTable = MEMBER_CALLS.flatMap(({ call }) => {
      const { methods, folder } = routeOf(call)
      return methods.map((method) => `${method} ${folder}`)
    })
    expect([...new Set(inTable)].sort()).toEqual(exported.sort())
  })

  it.each(MEMBER_CALLS.map((row) => [row.call, row.what, row] as const))(
    "answers %s (%s) to each as the table says",
    async (_call, _what, row) => {
      const found: Record<string, number> = {}
      for (const caller of Object.keys(CALLERS) as Caller[]) {
        found[caller] = await askAll(row, () => aCase(row.on, caller))
      }
      expect(found).toEqual(row.statuses)
    },
  )

  it.each(MEMBER_CALLS.filter(takesAdmin).map((row) => [row.call, row.what, row] as const))(
    "lets an admin %s (%s) an hour after signing in only if it is listed as immediate",
    async (_call, _what, row) => {
      const [method = ""] = routeOf(row.call).methods
      const made = await anUnconfirmedCase(row)
      const entries = await db.auditEntry.count()

      const answer = await ask(row, method, made)

      const isRefused = (await answer.text()).includes('"confirm_required"')
      expect([isRefused, answer.status]).toEqual(
        row.immediate ? [false, row.statuses.admin] : [true, 403],
      )
      if (isRefused) expect(await db.auditEntry.count()).toBe(entries)
    },
  )

  it("refuses every write that does not come from the app's pages", async () => {
    const members = [await aMember(), await anAdmin()]
    for (const row of MEMBER_CALLS.filter(({ call }) => !call.startsWith("GET"))) {
      for (const as of members) {
        const status = await askAll(row, async () => ({ id: randomUUID(), as }), {
          origin: "https://evil.example",
        })
        expect([row.call, status]).toEqual([row.call, 403])
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
    const expected = Object.entries(ADDRESSES).flatMap(([name, { methods }]) =>
      methods.map((method) => `${method} ${name}`),
    )
    const inTable = VISITOR_CALLS.filter(({ what }) => what !== "another method").flatMap(
      ({ call }) => {
        const [methods = "", address = ""] = call.split(" ")
        return methods.split("|").map((method) => `${method} ${address.split("/")[3] ?? ""}`)
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
