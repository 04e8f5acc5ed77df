import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { attempt } from "#lib/adapters/errors.ts"
import { parse, readJson, readOptionalJson, readQuery } from "./input.ts"

const withBody = (body: string) => new Request("http://localhost:3000", { method: "POST", body })
const NOT_JSON = ["invalid", { message: "The request isn’t valid JSON." }] as const

describe("parse", () => {
  const Input = z.object({ name: z.string().min(1, "Give a name."), parts: z.array(z.number()) })

  it("returns what the schema makes of the input", () => {
    expect(parse(Input, { name: "Ada", parts: [1], more: true })).toEqual({
      name: "Ada",
      parts: [1],
    })
  })

  it("refuses with the first problem and the field it is in", () => {
    expect(attempt(() => parse(Input, { name: "", parts: ["1"] }))).toBeRefusal("invalid", {
      message: "name: Give a name.",
      field: "name",
    })
    expect(attempt(() => parse(Input, { name: "Ada", parts: [1, "2"] }))).toBeRefusal("invalid", {
      field: "parts.1",
    })
    expect(attempt(() => parse(Input, null))).toBeRefusal("invalid", { field: undefined })
  })

  it("refuses an unknown field by its name, cut to 100 characters", () => {
    const refused = (input: string) => attempt(() => parse(z.strictObject({}), JSON.parse(input)))
    const message = "more: This value isn’t valid."
    expect(refused('{"more":1}')).toBeRefusal("invalid", { field: "more", message })
    expect(refused('{"__proto__":{}}')).toBeRefusal("invalid", { field: "__proto__" })
    const long = "a".repeat(101)
    expect(refused(`{"${long}":1}`)).toBeRefusal("invalid", { field: long.slice(1) })
  })
})

describe("readJson", () => {
  it("reads a body, and refuses one that is missing or not JSON", async () => {
    expect(await readJson(withBody('{"a":1}'))).toEqual({ a: 1 })
    await expect(readJson(withBody("{"))).rejects.toBeRefusal(...NOT_JSON)
    await expect(readJson(withBody(""))).rejects.toBeRefusal(...NOT_JSON)
  })
})

describe("readOptionalJson", () => {
  it("reads no body as an empty object, and refuses what is not JSON", async () => {
    expect(await readOptionalJson(withBody('{"a":1}'))).toEqual({ a: 1 })
    expect(await readOptionalJson(withBody(""))).toEqual({})
    await expect(readOptionalJson(withBody("{"))).rejects.toBeRefusal(...NOT_JSON)
  })
})

describe("readQuery", () => {
  it("leaves out fields that a form left empty", () => {
    const request = new NextRequest("http://localhost:3000/files?q=a+b&cursor=&limit=5")
    expect(readQuery(request)).toEqual({ q: "a b", limit: "5" })
  })
})
