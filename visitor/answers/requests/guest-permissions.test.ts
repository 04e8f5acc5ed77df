import { describe, expect, it } from "vitest"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { linkToken, newPublicId } from "#lib/adapters/secrets.ts"
import { GUEST_CALLS as CALLS } from "#lib/api/calls/guests.ts"
import { COOKIES, signTicket, signUnlock } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { editRequest } from "#lib/rooms/requests/edit-request.ts"
import { revokeRequest } from "#lib/rooms/requests/end-request.ts"
import { completeFile } from "#lib/rooms/requests/guest/deliver.ts"
import { RequestEdit } from "#lib/rooms/requests/request.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, startedBy } from "#testing/builders/a-request.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { acting } from "#testing/builders/acting.ts"
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

/** A request, a file that a guest sends to it, and the cookie of somebody who asks. */
async function aRequestFor(kind: GuestKind, { inParts, completed }: Partial<GuestCall>) {
  const request = await aRequest()
  const { publicId, ownerId, id } = request
  const sender = await aGuest(publicId)
  const { file, put } = await startedBy(sender)
  if (inParts) {
    // Only a store that overwrites takes small files in parts; the row makes this one look like it.
    await db.object.updateMany({ where: { fileId: file.id }, data: { partSize: 8 * MIB } })
    await resumeUpload(sender, file.id)
  } else await put()
  if (completed) await completeFile(sender, file.id, {})
  const token = request.url.split("/").at(-1) ?? ""
  const ticket = ({ ticket }: typeof sender) => ({
    fileId: file.id,
    token,
    cookie: `${COOKIES.delivery}=${signTicket(ticket, "delivery")}`,
  })
  const lock = () =>
    editRequest(acting(ownerId), id, RequestEdit.parse({ password: REQUEST_PASSWORD }))
  switch (kind) {
    case "stranger":
      return { ...ticket(sender), cookie: "" }
    case "sender":
      return ticket(sender)
    case "other": {
      const other = await aGuest(publicId)
      await startedBy(other)
      return ticket(other)
    }
    case "elsewhere": {
      const other = await aGuest((await aRequest()).publicId)
      await startedBy(other)
      return ticket(other)
    }
    case "locked":
      await lock()
      return { ...ticket(sender), cookie: "" }
    case "unlocked": {
      await lock()
      const { linkId } = sender.ticket
      const unlock = signUnlock({ linkId, passwordVersion: 1, expiresAt: future() })
      return { ...ticket(sender), cookie: `${COOKIES.unlock}=${unlock}` }
    }
    case "relocked":
      await lock()
      return ticket(sender)
    case "revoked":
      await revokeRequest(ownerId, id)
      return ticket(sender)
    case "unknown":
      return { ...ticket(sender), token: linkToken(newPublicId(), "request") }
    case "altered":
      return { ...ticket(sender), token: (token[0] === "A" ? "B" : "A") + token.slice(1) }
  }
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

  it.each(GUEST_CALLS.map((row) => [row.call, row.what, row] as const))(
    "answer %s (%s) as the table says, signed in or not",
    async (_call, _what, row) => {
      const [methods = "", address = ""] = row.call.split(" ")
      const session = await aSessionCookie(await aMember())
      for (const signedIn of ["", `next-auth.session-token=${session}; `]) {
        for (const method of methods.split("|")) {
          const found: Record<string, number> = {}
          for (const kind of Object.keys(GUESTS) as GuestKind[]) {
            const { token, fileId, cookie } = await aRequestFor(kind, row)
            const path = address.replace("{token}", token).replace("{file}", fileId)
            const accept = /}$|unlock$/.test(address) ? "text/html" : "application/json"
            const headers = { accept, cookie: `${signedIn}${cookie}` }
            const body = row.body ? { body: row.body } : {}
            const answer = await askVisitor({ method, path, by: "script", headers, ...body })
            found[kind] = answer.status
            holdGuestAnswer(`${method} ${address}`, answer)
          }
          expect(found).toEqual(row.statuses)
        }
      }
    },
  )

  it("refuse every write that a page of another site sends", async () => {
    for (const row of GUEST_CALLS.filter(({ call }) =>
      /^(POST|DELETE) .*(files|done)/.test(call),
    )) {
      const [method = "", address = ""] = row.call.split(" ")
      const { token, fileId, cookie } = await aRequestFor("sender", row)
      const path = address.replace("{token}", token).replace("{file}", fileId)
      for (const other of OTHER_SITES) {
        const body = row.body ? { body: row.body } : {}
        const headers = { accept: "application/json", cookie, ...other }
        const { status } = await askVisitor({ method, path, by: "script", headers, ...body })
        expect([row.call, status]).toEqual([row.call, 403])
      }
    }
  })
})
