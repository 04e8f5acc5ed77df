import { randomBytes, randomUUID } from "node:crypto"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
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
import { digestDatabase } from "#testing/database/database-digest.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import {
  CALLERS,
  type Caller,
  type Case,
  type Target,
  takesAdmin,
} from "#testing/permissions/callers.ts"
import { CASES } from "#testing/permissions/cases.ts"
import { permissionsPage } from "#testing/permissions/permissions-page.ts"
import { askerOf, aTarget, somePeople } from "#testing/permissions/targets.ts"
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

type Rows = typeof ROWS

const byTarget = (rows: Rows, targetOf = (row: Case) => row.on) => [
  ...Map.groupBy(rows, ([, , row]) => targetOf(row)),
]
const otherKindOf = ({ on }: Case) => on && OTHER_KIND[on]

type Made = { id: string; as: string | null }

const ask = (at: string, { body, query }: Case, { id, as }: Made, headers = {}) =>
  callApi(at, { as, id, body: body?.(id, as), query: query?.(id) ?? "", headers })

const hasHead = (at: string) =>
  at.startsWith("GET ") && !CALLS.some((call: Call) => call.at === at && call.redirects)

/** Asks by GET and by HEAD, or by the call's own method. */
async function askAll(at: string, row: Case, made: Made, headers: Record<string, string> = {}) {
  const statuses: number[] = []
  for (const one of hasHead(at) ? [at, at.replace("GET", "HEAD")] : [at]) {
    const answer = await ask(one, row, made, headers)
    await answer.body?.cancel()
    statuses.push(answer.status)
  }
  const [status, ...others] = statuses
  for (const other of others) expect(other).toBe(status)
  return status ?? 0
}

const isWrite = (at: string) => !at.startsWith("GET ")

/**
 * Asks for each row as each caller, and returns the rows that were answered otherwise. Those who
 * are refused come first and change nothing, so all rows ask for the same target of the same
 * people, and so do those who read. A change has people and a target of its own.
 */
async function wrongAnswers(on: Target | undefined, rows: Rows) {
  const wrong: unknown[] = []
  const ask = async (at: string, row: Case, caller: Caller, made: Made) => {
    const status = await askAll(at, row, made)
    if (status !== row.statuses[caller]) wrong.push([at, row.what, caller, status])
    return status
  }
  const callers = (Object.keys(CALLERS) as Caller[]).filter((caller) => caller !== "disabled")
  const people = await somePeople()
  const id = await aTarget(on, people)
  const askers = new Map<Caller, string | null>()
  for (const caller of callers) askers.set(caller, await askerOf(caller, people))
  for (const person of Object.values(people)) await signIn(person)
  const askAsEach = async (isAsked: (at: string, isGranted: boolean) => boolean) => {
    for (const [at, , row] of rows) {
      for (const [caller, as] of askers) {
        if (isAsked(at, row.statuses[caller] < 400)) await ask(at, row, caller, { id, as })
      }
    }
  }
  const before = await digestDatabase()
  await askAsEach((at, isGranted) => isWrite(at) && !isGranted)
  expect(await digestDatabase()).toEqual(before)
  await askAsEach((at) => !isWrite(at))
  for (const [at, , row] of rows.filter(([at]) => isWrite(at))) {
    for (const caller of callers.filter((caller) => row.statuses[caller] < 400)) {
      const others = await somePeople()
      const made = { id: await aTarget(on, others), as: await askerOf(caller, others) }
      await ask(at, row, caller, made)
    }
  }
  const as = await askerOf("disabled", people)
  for (const [at, , row] of rows) await ask(at, row, "disabled", { id, as })
  return wrong
}

/** An admin whose session was confirmed an hour ago. */
async function unconfirmed(admin: string) {
  await signIn(admin)
  await db.session.updateMany({ where: { memberId: admin }, data: { confirmedAt: past() } })
  return admin
}

describe("the members' API", () => {
  it("has cases for every call, and for no other", () => {
    expect(Object.keys(CASES).sort()).toEqual(CALLS.map(({ at }) => at).sort())
  })

  it.each(byTarget(ROWS))("answers about a %s to each as the table says", async (on, rows) => {
    expect(await wrongAnswers(on, rows)).toEqual([])
  })

  it.each(byTarget(ROWS_BY_PATH, otherKindOf))(
    "answers with 404 where a %s has the id of the other kind",
    async (on, rows) => {
      const people = await somePeople()
      const id = await aTarget(on, people)
      const before = await db.share.findUniqueOrThrow({ where: { id } })
      for (const [at, what, row] of rows) {
        const as = at.includes(" /admin/") ? people.admin : people.owner
        expect([at, what, await askAll(at, row, { id, as })]).toEqual([at, what, 404])
      }
      expect(await db.share.findUniqueOrThrow({ where: { id } })).toEqual(before)
    },
  )

  it.each(byTarget(ROWS_BY_BODY, otherKindOf))(
    "does nothing to a %s whose id is given as one of the other kind",
    async (on, rows) => {
      const people = await somePeople()
      const id = await aTarget(on, people)
      const before = await db.share.findUniqueOrThrow({ where: { id } })
      for (const [at, what, row] of rows) {
        const answer = await ask(at, row, { id, as: people.owner })
        const given = [at, what, await answer.json()]
        expect([
          [at, what, { ids: [] }],
          [at, what, { count: 0 }],
        ]).toContainEqual(given)
      }
      expect(await db.share.findUniqueOrThrow({ where: { id } })).toEqual(before)
    },
  )

  it.each(byTarget(WRITES_OF_ADMINS))(
    "lets an admin change a %s an hour after signing in only by calls that are listed as immediate",
    async (on, rows) => {
      const people = await somePeople()
      const as = await unconfirmed(people.admin)
      const id = await aTarget(on, people)
      const entries = await db.auditEntry.count()
      const isImmediate = ([, , row]: Rows[number]) => row.immediate === true
      for (const [at, what, row] of rows.filter((row) => !isImmediate(row))) {
        const answer = await ask(at, row, { id, as })
        const isRefused = (await answer.text()).includes('"confirm_required"')
        expect([at, what, isRefused, answer.status]).toEqual([at, what, true, 403])
      }
      expect(await db.auditEntry.count()).toBe(entries)
      for (const [at, what, row] of rows.filter(isImmediate)) {
        const answer = await ask(at, row, { id: await aTarget(on, people), as })
        const isRefused = (await answer.text()).includes('"confirm_required"')
        expect([at, what, isRefused, answer.status]).toEqual([at, what, false, row.statuses.admin])
      }
    },
  )

  it("refuses every write that does not come from the app's pages", async () => {
    const members = [await aMember(), await anAdmin()]
    for (const [at, , row] of ROWS.filter(([at]) => !at.startsWith("GET "))) {
      for (const as of members) {
        const made = { id: randomUUID(), as }
        const status = await askAll(at, row, made, { origin: "https://evil.example" })
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

/** A link of each kind, all to the same file. */
async function linksOfKinds() {
  const open = await aLink()
  const make = (conditions: Parameters<typeof aLink>[0]) => aLink({ like: open, ...conditions })
  const locked = await make({ passwordHash: linkPasswordHash })
  const unlocked = await make({ passwordHash: linkPasswordHash })
  const revoked = await make({ revokedAt: new Date() })
  const bound = { linkId: unlocked.linkId, proofVersion: 0, expiresAt: future() }
  const altered = (open.token[0] === "A" ? "B" : "A") + open.token.slice(1)
  const links: Record<LinkKind, { token: string; cookie?: string }> = {
    open,
    locked,
    unlocked: { ...unlocked, cookie: `${COOKIES.unlock}=${signUnlock(bound)}` },
    revoked,
    unknown: { token: linkToken(newPublicId()) },
    altered: { token: altered },
  }
  return { fileId: open.fileId, links }
}

/** The rows that ask for the same links; a row that may change something has links of its own. */
const VISITOR_GROUPS = Map.groupBy(VISITOR_CALLS, (row) =>
  row.call.startsWith("GET") || Object.values(row.statuses).every((status) => status >= 400)
    ? "GET"
    : row,
)

describe("the addresses of a link", () => {
  beforeEach(() => mailBy(1))
  afterEach(withoutMail)

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

  it.each(
    [...VISITOR_GROUPS.values()].map(
      (rows) => [rows.map(({ call, what }) => `${call} (${what})`).join(", "), rows] as const,
    ),
  )("answer %s as the table says, signed in or not", async (_calls, rows) => {
    const session = await aSessionCookie(await aMember())
    const { fileId, links } = await linksOfKinds()
    for (const { call, what, json, body, statuses } of rows) {
      const [methods = "", address = ""] = call.split(" ")
      for (const signedIn of ["", `next-auth.session-token=${session}; `]) {
        for (const method of methods.split("|")) {
          const found: Record<string, number> = {}
          for (const kind of Object.keys(LINKS) as LinkKind[]) {
            const { token, cookie = "" } = links[kind]
            const path = address.replace("{token}", token).replace("{file}", fileId)
            const accept = json ? "application/json" : "text/html"
            const headers = { accept, cookie: `${signedIn}${cookie}`, "user-agent": "curl/8.14.1" }
            const { status } = await answer({ method, path, headers, ...(body ? { body } : {}) })
            found[kind] = status
          }
          expect([method, call, what, found]).toEqual([method, call, what, statuses])
        }
      }
    }
  })
})

it("docs/permissions.md says what the tables say", async () => {
  await expect(permissionsPage()).toMatchFileSnapshot("../../docs/permissions.md")
})
