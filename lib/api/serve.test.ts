import { NextRequest } from "next/server"
import { afterEach, describe, expect, it, vi } from "vitest"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import { Refusal } from "#lib/adapters/errors.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { changeLanguage } from "#lib/rooms/accounts/profile/change-language.ts"
import { ProfileChange } from "#lib/rooms/shares/edit/change-own-profile.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { type Call, call, download } from "./call.ts"
import { counted } from "./calls/answers.ts"
import { lineStream } from "./line-stream.ts"
import { serve } from "./serve.ts"

const ORIGIN = "http://localhost:3000"
const headers = { origin: ORIGIN }
const AnyId = z.object({ id: z.string() })

/** The route of a table, as Next calls it. */
const serving = (...calls: Call[]) => serve(calls).GET

const whoAmI = serving(
  call("GET /me", {
    does: "Says who is signed in.",
    by: "member",
    scope: null,
    gives: AnyId,
    run: async ({ member: { id } }) => ({ id }),
  }),
  ...(["POST", "PATCH", "DELETE"] as const).map((method) =>
    call(`${method} /me`, {
      does: "Writes.",
      by: "member",
      scope: null,
      gives: AnyId,
      run: async ({ member: { id } }) => ({ id }),
    }),
  ),
)

/** A table with one call of a member, which does this. */
const doing = (run: () => Promise<void>) =>
  serving(call("GET /me", { does: "Tests.", by: "member", scope: null, gives: z.void(), run }))

type Sent = { headers?: Record<string, string>; method?: string; body?: string }

async function ask(memberId: PersonId | null, { headers, method = "GET", body }: Sent = {}) {
  const cookie = memberId ? await aSessionCookie(memberId) : ""
  return new NextRequest(`${ORIGIN}/api/v1/me`, {
    method,
    headers: { ...(cookie && { cookie: `next-auth.session-token=${cookie}` }), ...headers },
    ...(body === undefined ? {} : { body }),
  })
}

const problemOf = async (answer: Response | Promise<Response>) => {
  const response = await answer
  expect(response.headers.get("content-type")).toBe("application/problem+json")
  const { code, status } = await response.json()
  expect(response.status).toBe(status)
  return code
}

afterEach(() => vi.restoreAllMocks())

describe("a call by a member", () => {
  it("gets the signed-in member", async () => {
    const id = await aMember()

    const answer = await whoAmI(await ask(id))

    expect(await answer.json()).toEqual({ id })
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  it("answers 401 without a session and with an altered one", async () => {
    const altered = { cookie: `next-auth.session-token=${"x".repeat(40)}` }

    expect(await problemOf(whoAmI(await ask(null)))).toBe("signed_out")
    expect(await problemOf(whoAmI(await ask(null, { headers: altered })))).toBe("signed_out")
  })

  it("refuses a member from the first request after it was disabled", async () => {
    const [id, admin] = [await aMember(), await anAdmin()]
    const request = await ask(id)
    expect((await whoAmI(request)).status).toBe(200)

    await editMember(admin, id, { disabled: true })

    expect(await problemOf(whoAmI(request))).toBe("account_disabled")
  })

  it.each([
    ["no origin", {}],
    ["another origin", { origin: "https://evil.example" }],
    ["a page that hides its origin", { origin: "null" }],
    ["another port", { origin: "http://localhost:3001" }],
    ["https instead of http", { origin: "https://localhost:3000" }],
    ["a cross-site request that lies", { origin: ORIGIN, "sec-fetch-site": "cross-site" }],
    ["a sibling site", { origin: ORIGIN, "sec-fetch-site": "same-site" }],
    ["a typed address", { origin: ORIGIN, "sec-fetch-site": "none" }],
  ])("refuses every kind of write from %s", async (_title, headers) => {
    const id = await aMember()

    for (const method of ["POST", "PATCH", "DELETE"]) {
      expect(await problemOf(whoAmI(await ask(id, { method, headers })))).toBe("forbidden")
    }
  })

  it("accepts a write from the app's own pages, and from a client that names the app's origin", async () => {
    const id = await aMember()

    for (const headers of [
      { origin: ORIGIN, "sec-fetch-site": "same-origin" },
      { origin: ORIGIN },
    ]) {
      expect((await whoAmI(await ask(id, { method: "POST", headers }))).status).toBe(200)
    }
  })

  it("answers a refusal with its sentence and the time to wait", async () => {
    const refuses = doing(async () => {
      throw new Refusal("too_many", "Wait.", { retryAfterSeconds: 7 })
    })

    const answer = await refuses(await ask(await aMember()))

    expect(answer.headers.get("retry-after")).toBe("7")
    expect(await answer.json()).toMatchObject({ code: "too_many", title: "Wait.", status: 429 })
  })

  it("answers a refusal in the language that the member chose, else in that of the browser", async () => {
    const refuses = doing(async () => {
      throw refusal("quota_exceeded", "file_too_large", {
        name: "film.mp4",
        over: { bytes: 1_500_000 },
        most: { bytes: 2_000_000 },
      })
    })
    const id = await aMember()
    const asked = async () => {
      const answer = await refuses(await ask(id, { headers: { "accept-language": "de-AT" } }))
      return [answer.headers.get("content-language"), (await answer.json()).title]
    }

    expect(await asked()).toEqual([
      "de",
      "„film.mp4“ überschreitet die maximale Dateigröße (2 MB) um 1,5 MB.",
    ])
    await changeLanguage(id, "ja")
    expect(await asked()).toEqual([
      "ja",
      "「film.mp4」は最大ファイルサイズ（2 MB）を 1.5 MB 超えています。",
    ])
    await changeLanguage(id, null)
    expect((await asked())[0]).toBe("de")
  })

  it("refuses a wrong value by the name of its field and a sentence in the reader's language", async () => {
    const change = serving(
      call("PATCH /me", {
        does: "Changes.",
        by: "member",
        scope: null,
        body: ProfileChange,
        gives: z.void(),
        run: async () => {},
      }),
    )
    const headers = { origin: ORIGIN, "accept-language": "de" }
    const id = await aMember()
    const answers = ['{"name":""}', '{"language":"xx"}'].map(async (body) => {
      const answer = await change(await ask(id, { method: "PATCH", headers, body }))
      return (await answer.json()).title
    })

    expect(await Promise.all(answers)).toEqual([
      "name: Bitte einen Namen eingeben.",
      "language: Dieser Wert ist ungültig.",
    ])
  })

  it("logs a bug and shows the client nothing of it", async () => {
    const logged = vi.spyOn(log, "error").mockReturnValue(undefined)
    const breaks = doing(async () => {
      throw new Error("password is hunter2")
    })

    const answer = await breaks(await ask(await aMember()))

    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain("hunter2")
    expect(logged).toHaveBeenCalledOnce()
  })

  it("answers 400 to a body that is not JSON, or has a field that is unknown", async () => {
    const headers = { origin: ORIGIN }
    const id = await aMember()
    const write = serving(
      call("POST /me", {
        does: "Writes.",
        by: "member",
        scope: null,
        body: z.strictObject({ a: z.int().optional() }),
        gives: counted,
        run: async ({ body }) => ({ count: body.a ?? 0 }),
      }),
    )
    const send = async (body?: string) =>
      write(await ask(id, { method: "POST", headers, ...(body === undefined ? {} : { body }) }))

    expect(await (await send('{"a":7}')).json()).toEqual({ count: 7 })
    const wrong = ["{", undefined, "[]", "null", '{"b":1}', '{"__proto__":1}', '{"constructor":{}}']
    for (const body of wrong) expect(await problemOf(send(body))).toBe("invalid")
    const long = await send(`{"${"b".repeat(100_000)}":1}`)
    expect((await long.text()).length).toBeLessThan(1_000)
  })
})

describe("an address", () => {
  const find = serving(
    call("GET /things/{id}", {
      does: "Reads.",
      by: "member",
      scope: null,
      gives: AnyId,
      run: async ({ params }) => ({ id: params.id }),
    }),
    call("PATCH /things/{id}", {
      does: "Edits.",
      by: "member",
      scope: null,
      gives: z.void(),
      run: async () => {},
    }),
    call("POST /things/all", {
      does: "Writes.",
      by: "member",
      scope: null,
      gives: z.void(),
      run: async () => {},
    }),
  )
  const at = (path: string, method = "GET", cookie = "") =>
    find(
      new NextRequest(`${ORIGIN}/api/v1${path}`, {
        method,
        headers: { origin: ORIGIN, ...(cookie && { cookie }) },
      }),
    )
  const ID = "0199f3a4-0000-7000-8000-000000000001"

  it("is 404 and a method is 405, with those that it has, before the session is checked", async () => {
    for (const path of ["", "/", "/things", "/things/", `/things/${ID}/x`, "/nothing", "/%00"])
      expect(await problemOf(at(path))).toBe("not_found")
    const wrong = await at(`/things/${ID}`, "DELETE")
    expect(wrong.headers.get("allow")).toBe("GET, HEAD, PATCH")
    expect(wrong.headers.get("cache-control")).toBe("no-store")
    expect(await problemOf(wrong)).toBe("wrong_method")
    expect((await at("/things/all")).headers.get("allow")).toBe("POST")
    expect(await problemOf(at(`/things/${ID}`))).toBe("signed_out")
    expect(await problemOf(at("/things/1"))).toBe("signed_out")
  })

  it("has ids, and a text that is none is not found", async () => {
    const cookie = `next-auth.session-token=${await aSessionCookie(await aMember())}`

    expect(await (await at(`/things/${ID}`, "GET", cookie)).json()).toEqual({ id: ID })
    expect((await at(`/things/${ID.toUpperCase()}`, "HEAD", cookie)).status).toBe(200)
    for (const id of ["1", "constructor", "__proto__", "{id}", "a%2Fb", `${ID}%2F`, "%FF", "%00"])
      expect(await problemOf(at(`/things/${id}`, "GET", cookie))).toBe("not_found")
  })

  it("belongs to one call", () => {
    const one = call("GET /a", {
      does: "Reads.",
      by: "member",
      scope: null,
      gives: z.void(),
      run: async () => {},
    })
    expect(() => serving(one, one)).toThrow("There are two calls at GET /a.")
  })
})

describe("a place for a call that costs much", () => {
  it("is free when the work, or the stream, has ended or its client has gone", async () => {
    const id = await aMember()
    let begun = 0
    let ended = 0
    async function* batches() {
      begun += 1
      try {
        for (;;) yield ["a line"]
      } finally {
        ended += 1
      }
    }
    const toLine = (line: string) => line
    const run = async () => ({
      name: "a.csv",
      body: (over: () => void) => lineStream({ batches: batches(), toLine, ended: over }),
    })
    const gives = download("text/csv")
    const exports = serving(
      call("GET /me", { does: "Exports.", by: "member", scope: null, cost: "export", gives, run }),
    )
    const send = async (who: PersonId, method = "GET") => exports(await ask(who, { method }))
    const request = await ask(id)

    const open = await Promise.all(Array.from({ length: 64 }, () => exports(request)))
    const busy = open.filter(({ status }) => status === 429)
    expect([open.filter(({ ok }) => ok).length, busy.length]).toEqual([2, 62])
    expect(busy[0]?.headers.get("retry-after")).toBe("1")
    const other = await send(await aMember())
    expect([other.status, other.headers.get("content-type")]).toEqual([200, "text/csv"])
    expect(other.headers.get("content-disposition")).toBe('attachment; filename="a.csv"')
    await other.body?.cancel()

    const [first] = open.filter(({ ok }) => ok)
    const reader = first?.body?.getReader()
    await reader?.read()
    await reader?.cancel()
    expect([begun, ended]).toEqual([1, 1])
    const head = await send(id, "HEAD")
    expect([head.status, head.body]).toEqual([200, null])
    expect((await send(id)).status).toBe(200)
    expect((await send(id)).status).toBe(429)
    for (const { body } of open) if (!body?.locked) await body?.cancel()
  })

  it("is waited for, and a session that ended meanwhile does nothing", async () => {
    const id = await aMember()
    const gate = Promise.withResolvers<void>()
    let begun = 0
    const run = async () => {
      begun += 1
      await gate.promise
    }
    const dear = {
      does: "Waits.",
      by: "member",
      scope: null,
      cost: "dear",
      gives: z.void(),
      run,
    } as const
    const work = serving(call("POST /me", dear))
    const request = await ask(id, { method: "POST", headers })
    const answers = Array.from({ length: 7 }, () => work(request).then(({ status }) => status))
    // Two run and four wait when the seventh is refused.
    expect(await Promise.race(answers)).toBe(429)
    await expect.poll(() => begun).toBe(2)

    await db.session.deleteMany({ where: { memberId: id } })
    gate.resolve()

    const statuses = (await Promise.all(answers)).sort()
    expect(statuses).toEqual([204, 204, 401, 401, 401, 401, 429])
    expect(begun).toBe(2)
  })

  it("is free after a refusal", async () => {
    const refuses = serving(
      call("GET /me", {
        does: "Refuses.",
        by: "member",
        scope: null,
        cost: "store",
        gives: z.void(),
        run: async () => {
          throw refusal("not_found", "nothing")
        },
      }),
    )
    const id = await aMember()
    for (let n = 0; n < 30; n++) expect(await problemOf(refuses(await ask(id)))).toBe("not_found")
  })
})

describe("a read", () => {
  it("does not begin when its client has gone; what changes something does", async () => {
    const id = await aMember()
    const done: string[] = []
    const work = serving(
      ...(["GET", "POST"] as const).map((method) =>
        call(`${method} /me`, {
          does: "Notes.",
          by: "member",
          scope: null,
          gives: z.void(),
          run: async () => void done.push(method),
        }),
      ),
    )
    for (const method of ["GET", "POST"]) {
      const request = await ask(id, { method, headers: { origin: ORIGIN } })
      await work(new NextRequest(request, { signal: AbortSignal.abort() }))
    }

    expect(done).toEqual(["POST"])
  })
})

describe("a call by an admin", () => {
  const answer = serving(
    call("GET /me", {
      does: "Says who is signed in.",
      by: "admin",
      scope: null,
      gives: AnyId,
      run: async ({ member: { adminId } }) => ({ id: adminId }),
    }),
  )

  it("answers admins only", async () => {
    const [member, admin] = [await aMember(), await anAdmin()]

    expect(await (await answer(await ask(admin))).json()).toEqual({ id: admin })
    expect(await problemOf(answer(await ask(member)))).toBe("forbidden")
    expect(await problemOf(answer(await ask(null)))).toBe("signed_out")
  })

  it("does not answer an admin who lost the role since signing in", async () => {
    const [admin, other] = [await anAdmin(), await anAdmin()]
    await editMember(other, admin, { role: "member" })

    expect(await problemOf(answer(await ask(admin)))).toBe("forbidden")
  })
})
