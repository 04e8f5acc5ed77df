import { beforeEach, describe, expect, it, vi } from "vitest"
import { db } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { aMember, anAdmin } from "#testing/a-member.ts"
import { aSessionCookie } from "#testing/a-session.ts"
import { withoutDatabase } from "#testing/outage.ts"
import { adminAction, memberAction, publicAction } from "./action.ts"

const request = { headers: new Headers(), cookie: "" }
vi.mock("next/headers", () => ({
  headers: async () => request.headers,
  cookies: async () => ({ get: () => ({ value: request.cookie }) }),
}))

beforeEach(() => {
  request.headers = new Headers({ origin: "http://localhost:3000" })
  request.cookie = ""
})

const whoAmI = memberAction(async ({ id }) => id)

describe("publicAction", () => {
  it("answers with what its handler returns", async () => {
    expect(await publicAction(async () => 7)(null, new FormData())).toEqual({ ok: true, result: 7 })
  })

  it("does nothing for another site", async () => {
    const handler = vi.fn()
    request.headers = new Headers({ origin: "https://evil.example" })

    expect(await publicAction(handler)(null, new FormData())).toMatchObject({ code: "forbidden" })
    expect(handler).not.toHaveBeenCalled()
  })

  it("returns what was typed, but never a password", async () => {
    const form = new FormData()
    form.set("email", "ada@example.org")
    form.set("currentPassword", "hunter2")
    form.set("$ACTION_ID_1", "x")
    const refuses = publicAction(async () => {
      throw new Refusal("invalid", "email: Write an address.", { field: "email" })
    })

    expect(await refuses(null, form)).toEqual({
      ok: false,
      code: "invalid",
      field: "email",
      message: "Write an address.",
      values: { email: "ada@example.org" },
    })
  })

  it("says in a sentence that the database is away, and keeps what was typed", async () => {
    const form = new FormData()
    form.set("title", "For Thursday")
    const asks = publicAction(() => db.member.count())

    expect(await withoutDatabase(() => asks(null, form))).toEqual({
      ok: false,
      code: "unavailable",
      message: "The database cannot be reached just now. Please try again shortly.",
      retryAfterSeconds: 5,
      values: { title: "For Thursday" },
    })
  })

  it("does nothing where its argument is no form: anyone can call an action with anything", async () => {
    const handler = vi.fn()
    const action = publicAction(handler)

    for (const form of [undefined, null, 1, "x", {}, { get: "x" }, new URLSearchParams("a=b")]) {
      await expect(Reflect.apply(action, null, [null, form])).rejects.toThrow("no form")
    }
    expect(handler).not.toHaveBeenCalled()
  })

  it("passes a bug on", async () => {
    const breaks = publicAction(async () => {
      throw new Error("bug")
    })

    await expect(breaks(null, new FormData())).rejects.toThrow("bug")
  })
})

describe("memberAction and adminAction", () => {
  it("do nothing without a session, and pass the session's member to the handler", async () => {
    expect(await whoAmI(null, new FormData())).toMatchObject({ code: "signed_out" })

    const memberId = await aMember()
    request.cookie = await aSessionCookie(memberId)
    expect(await whoAmI(null, new FormData())).toEqual({ ok: true, result: memberId })

    request.cookie = await aSessionCookie(memberId, 1)
    expect(await whoAmI(null, new FormData())).toMatchObject({ code: "signed_out" })
  })

  it("run an admin's action for admins only", async () => {
    const deed = adminAction(async ({ adminId }) => adminId)
    request.cookie = await aSessionCookie(await aMember())
    expect(await deed(null, new FormData())).toMatchObject({ code: "forbidden" })

    const admin = await anAdmin()
    request.cookie = await aSessionCookie(admin)
    expect(await deed(null, new FormData())).toEqual({ ok: true, result: admin })
  })
})
