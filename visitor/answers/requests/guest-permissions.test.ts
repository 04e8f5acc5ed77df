import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { GUEST_CALLS as CALLS } from "#lib/api/calls/guests.ts"
import { COOKIES, signTicket, signUnlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { editRequest } from "#lib/rooms/requests/edit-request.ts"
import { revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { completeFile } from "#lib/rooms/requests/guest/deliver.ts"
import type { RequestGuest } from "#lib/rooms/requests/guest/guest.ts"
import { RequestEdit } from "#lib/rooms/requests/request.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, startedBy } from "#testing/builders/a-request.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { acting } from "#testing/builders/acting.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import {
  GUEST_CALLS,
  GUESTS,
  type GuestCall,
  type GuestKind,
  REQUEST_PASSWORD,
} from "#testing/permissions/guest-calls.ts"
import { future, MIB } from "#testing/units.ts"
import { askVisitor } from "#testing/visitors/visitor-client.ts"
import { ADDRESSES } from "#visitor/answer.ts"
import type { Answer } from "#visitor/exchange.ts"

type Conditions = Pick<GuestCall, "inParts" | "completed">

/** A request, and a file that a guest sends to it. */
async function aDelivery({ inParts, completed }: Conditions) {
  const request = await aRequest()
  const sender = await aGuest(request.publicId)
  const { file, put } = await startedBy(sender)
  if (inParts) {
    // Only a store that overwrites takes small files in parts; the row makes this one look like it.
    await db.object.updateMany({ where: { fileId: file.id }, data: { partSize: 8 * MIB } })
    await resumeUpload(sender, file.id)
  } else await put()
  if (completed) await completeFile(sender, file.id, {})
  return { ...request, sender, fileId: file.id, token: request.url.split("/").at(-1) ?? "" }
}
type Delivery = Awaited<ReturnType<typeof aDelivery>>

const cookieOf = ({ ticket }: RequestGuest) =>
  `${COOKIES.delivery}=${signTicket(ticket, "delivery")}`

async function aGuestWithFile(publicId: Uint8Array) {
  const guest = await aGuest(publicId)
  await startedBy(guest)
  return guest
}

const lock = ({ ownerId, id }: Delivery) =>
  editRequest(acting(ownerId), id, RequestEdit.parse({ password: REQUEST_PASSWORD }))

const isGranted = ({ statuses }: GuestCall, kind: GuestKind) => statuses[kind] < 400
const KINDS = Object.keys(GUESTS) as GuestKind[]

/** Whether the same visits may ask again. */
const changesNothing = (row: GuestCall) =>
  row.call.startsWith("GET") || !KINDS.some((kind) => isGranted(row, kind))

/** The rows that ask by the same visits. */
const GROUPS = Map.groupBy(GUEST_CALLS, (row) =>
  changesNothing(row) ? `GET ${row.inParts} ${row.completed}` : row,
)

type Visit = { token: string; fileId: string; cookie: string }

/** What each kind of visitor sends, about the same file where that is possible. */
async function visitsTo(conditions: Conditions) {
  const open = await aDelivery(conditions)
  const locked = await aDelivery(conditions)
  const revoked = await aDelivery(conditions)
  await lock(locked)
  await revokeRequest(revoked.ownerId, revoked.id)
  const other = await aGuestWithFile(open.publicId)
  const elsewhere = await aGuestWithFile((await aRequest()).publicId)
  const { linkId } = locked.sender.ticket
  const unlock = signUnlock({ linkId, proofVersion: 1, expiresAt: future() })
  const { token, fileId, sender } = open
  const cookie = cookieOf(sender)
  return {
    stranger: { token, fileId, cookie: "" },
    sender: { token, fileId, cookie },
    other: { token, fileId, cookie: cookieOf(other) },
    elsewhere: { token, fileId, cookie: cookieOf(elsewhere) },
    locked: { ...locked, cookie: "" },
    unlocked: { ...locked, cookie: `${COOKIES.unlock}=${unlock}` },
    relocked: { ...locked, cookie: cookieOf(locked.sender) },
    revoked: { ...revoked, cookie: cookieOf(revoked.sender) },
    unknown: { token: linkToken(newPublicId(), "request"), fileId, cookie },
    altered: { token: (token[0] === "A" ? "B" : "A") + token.slice(1), fileId, cookie },
  } satisfies Record<GuestKind, Visit>
}

/** Asks what the row says, by this method. */
async function ask(
  row: GuestCall,
  method: string,
  { token, fileId, cookie }: Visit,
  more: Record<string, string> = {},
) {
  const [, address = ""] = row.call.split(" ")
  const path = address.replace("{token}", token).replace("{file}", fileId)
  const accept = /}$|(unlock|code|verify)$/.test(address) ? "text/html" : "application/json"
  const body = row.body ? { body: row.body } : {}
  const headers = { accept, cookie, ...more }
  const answer = await askVisitor({ method, path, by: "script", headers, ...body })
  holdGuestAnswer(`${method} ${address}`, answer)
  return answer.status
}

const OTHER_SITES = [
  { origin: "https://evil.example" },
  { origin: "null" },
  { "sec-fetch-site": "cross-site" },
]

/** Throws if an answer is not as its call declares it. */
function holdGuestAnswer(at: string, { status, body }: Answer) {
  const call = CALLS.find((one) => one.at === at)
  if (!call || status >= 300) return
  expect(status).toBe(call.gives instanceof z.ZodVoid ? 204 : call.creates ? 201 : 200)
  if (call.gives instanceof z.ZodType) call.gives.parse(body ? JSON.parse(String(body)) : undefined)
}

describe("the addresses of a request", () => {
  beforeEach(() => mailBy(1))
  afterEach(withoutMail)

  it("have a row for every method", () => {
    const expected = [...ADDRESSES, ...CALLS].flatMap(({ at, noHead }) => {
      if (!at.includes(" /r/")) return []
      return at.startsWith("GET") && !noHead ? [at, at.replace("GET", "HEAD")] : [at]
    })
    const inTable = GUEST_CALLS.filter(({ what }) => what !== "another method").flatMap(
      ({ call }) => {
        const [methods = "", address = ""] = call.split(" ")
        return methods.split("|").map((method) => `${method} ${address}`)
      },
    )
    expect([...new Set(inTable)].sort()).toEqual(expected.sort())
  })

  it.each(
    [...GROUPS.values()].map((rows) => [rows.map(({ call }) => call).join(", "), rows] as const),
  )("answer %s as the table says, signed in or not", async (_calls, rows) => {
    const session = `next-auth.session-token=${await aSessionCookie(await aMember())}; `
    let visits: Awaited<ReturnType<typeof visitsTo>> | undefined
    for (const row of rows) {
      const [methods = ""] = row.call.split(" ")
      for (const signedIn of [session, ""]) {
        if (!visits || !changesNothing(row)) visits = await visitsTo(row)
        for (const method of methods.split("|")) {
          const found: Partial<Record<GuestKind, number>> = {}
          // Those who are refused come first, and change nothing.
          const before = await digestDatabase()
          for (const granted of [false, true]) {
            for (const kind of KINDS.filter((kind) => isGranted(row, kind) === granted)) {
              const { cookie, ...visit } = visits[kind]
              found[kind] = await ask(row, method, { ...visit, cookie: signedIn + cookie })
            }
            if (!granted) expect(await digestDatabase()).toEqual(before)
          }
          expect([method, row.call, found]).toEqual([method, row.call, row.statuses])
        }
      }
    }
  })

  it("refuse every write that a page of another site sends", async () => {
    for (const row of GUEST_CALLS.filter(({ call }) =>
      /^(POST|DELETE) .*(files|done)/.test(call),
    )) {
      const [method = ""] = row.call.split(" ")
      const { sender, token, fileId } = await aDelivery(row)
      for (const headers of OTHER_SITES) {
        const status = await ask(row, method, { token, fileId, cookie: cookieOf(sender) }, headers)
        expect([row.call, status]).toEqual([row.call, 403])
      }
    }
  })
})
