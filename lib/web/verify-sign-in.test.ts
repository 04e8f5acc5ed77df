import { expect, it } from "vitest"
import { parse } from "#lib/input.ts"
import { Credentials } from "./verify-sign-in.ts"

it("a sign-in has an email and a password of text, or none", () => {
  expect(parse(Credentials, {})).toEqual({ email: "", password: "" })
  for (const wrong of [{ email: { a: 1 } }, { password: [1] }, { email: null }]) {
    expect(() => parse(Credentials, wrong)).toThrow(expect.objectContaining({ code: "invalid" }))
  }
})
