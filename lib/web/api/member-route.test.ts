import { NextRequest } from "next/server"
import { afterEach, describe, expect, it, vi } from "vitest"
import { Refusal } from "#lib/adapters/errors.ts"
import { parse, readJson } from "#lib/adapters/http/input.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { changeLanguage } from "#lib/rooms/accounts/profile/change-language.ts"
import { ProfileChange } from "#lib/rooms/shares/edit/change-own-profile.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aSessionCookie } from "#testing/builders/a-session.ts"
import { adminRoute, memberRoute } from "./member-route.ts"

const ORIGIN = "http://localhost:3000"
const whoAmI = memberRoute(async ({ id }) => Response.json({ id }))

type Sent = { headers?: Record<string, string>; method?: string; body?: string }

async function ask(memberId: MemberId | null, { headers, method = "GET", body }: Sent = {}) {
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

describe("memberRoute", () => {
  it("passes the signed-in member to the handler", async () => {
    const id = await aMember()

    const answer = await whoAmI(await ask(id), {})

    expect(await answer.json()).toEqual({ id })
    expect(answer.headers.get("cache-control")).toBe("no-store")
  })

  it("answers 401 without a session, with an altered one, and to a Bearer even with one", async () => {
    const id = await aMember()
    const altered = { cookie: `next-auth.session-token=${"x".repeat(40)}` }

    expect(await problemOf(whoAmI(await ask(null), {}))).toBe("signed_out")
    expect(await problemOf(whoAmI(await ask(null, { headers: altered }), {}))).toBe("signed_out")
    const bearer = { authorization: "Bearer token" }
    expect(await problemOf(whoAmI(await ask(id, { headers: bearer }), {}))).toBe("signed_out")
  })

  it("refuses a member from the first request after it was disabled", async () => {
    const [id, admin] = [await aMember(), await anAdmin()]
    const request = await ask(id)
    expect((await whoAmI(request, {})).status).toBe(200)

    await editMember(admin, id, { disabled: true })

    expect(await problemOf(whoAmI(request, {}))).toBe("signed_out")
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

    for (const method of ["POST", "PUT", "PATCH", "DELETE"]) {
      expect(await problemOf(whoAmI(await ask(id, { method, headers }), {}))).toBe("forbidden")
    }
  })

  it("accepts a write from the app's own pages, and from a client that names the app's origin", async () => {
    const id = await aMember()

    for (const headers of [
      { origin: ORIGIN, "sec-fetch-site": "same-origin" },
      { origin: ORIGIN },
    ]) {
      expect((await whoAmI(await ask(id, { method: "POST", headers }), {})).status).toBe(200)
    }
  })

  it("answers a refusal with its sentence and the time to wait", async () => {
    const refuses = memberRoute(async () => {
      throw new Refusal("too_many", "Wait.", { retryAfterSeconds: 7 })
    })

    const answer = await refuses(await ask(await aMember()), {})

    expect(answer.headers.get("retry-after")).toBe("7")
    expect(await answer.json()).toMatchObject({ code: "too_many", title: "Wait.", status: 429 })
  })

  it("answers a refusal in the language that the member chose, else in that of the browser", async () => {
    const refuses = memberRoute(async () => {
      throw refusal("quota_exceeded", "file_too_large", {
        name: "film.mp4",
        over: { bytes: 1_500_000 },
        most: { bytes: 2_000_000 },
      })
    })
    const id = await aMember()
    const asked = async () => {
      const answer = await refuses(await ask(id, { headers: { "accept-language": "de-AT" } }), {})
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
    const change = memberRoute(async (_member, request) =>
      Response.json(parse(ProfileChange, await readJson(request))),
    )
    const headers = { origin: ORIGIN, "accept-language": "de" }
    const id = await aMember()
    const answers = ['{"name":""}', '{"language":"xx"}'].map(async (body) => {
      const answer = await change(await ask(id, { method: "PATCH", headers, body }), {})
      return (await answer.json()).title
    })

    expect(await Promise.all(answers)).toEqual([
      "name: Bitte einen Namen eingeben.",
      "language: Dieser Wert ist ungültig.",
    ])
  })

  it("logs a bug and shows the client nothing of it", async () => {
    const logged = vi.spyOn(log, "error").mockReturnValue(undefined)
    const breaks = memberRoute(async () => {
      throw new Error("password is hunter2")
    })

    const answer = await breaks(await ask(await aMember()), {})

    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain("hunter2")
    expect(logged).toHaveBeenCalledOnce()
  })

  it("answers 400 to a body that is not JSON, however it is read", async () => {
    const headers = { origin: ORIGIN }
    const id = await aMember()
    const plain = memberRoute(async (_member, request) => Response.json(await request.json()))
    const ours = memberRoute(async (_member, request) => Response.json(await readJson(request)))

    for (const handler of [plain, ours]) {
      const request = await ask(id, { method: "POST", headers, body: "{" })
      expect(await problemOf(handler(request, {}))).toBe("invalid")
    }
  })
})

describe("adminRoute", () => {
  const answer = adminRoute(async ({ adminId }) => Response.json({ adminId }))

  it("answers admins only", async () => {
    const [member, admin] = [await aMember(), await anAdmin()]

    expect(await (await answer(await ask(admin), {})).json()).toEqual({ adminId: admin })
    expect(await problemOf(answer(await ask(member), {}))).toBe("forbidden")
    expect(await problemOf(answer(await ask(null), {}))).toBe("signed_out")
  })

  it("does not answer an admin who lost the role since signing in", async () => {
    const [admin, other] = [await anAdmin(), await anAdmin()]
    await editMember(other, admin, { role: "member" })

    expect(await problemOf(answer(await ask(admin), {}))).toBe("forbidden")
  })
})
