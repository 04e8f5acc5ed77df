import { NextRequest } from "next/server"
import { describe, expect, it } from "vitest"
import { refuseUnreadable } from "./next-auth-request.ts"

const ORIGIN = "http://localhost:3000"
const ask = (path: string, cookie = "") =>
  refuseUnreadable(new NextRequest(`${ORIGIN}/api/auth${path}`, { headers: { cookie } }))

describe("a request to next-auth", () => {
  it.each([
    "/signin?callbackUrl=%5B",
    "/csrf?callbackUrl=shares",
    "/providers?callbackUrl=http%3A%2F%2F%5B",
    "/session?callbackUrl=javascript%3Aalert(1)",
    "/error?error=%00",
    "/error?error=%C5%BE",
    "/error/%C5%BE",
    "/signin?error=a%0D%0Ab",
  ])("whose parameters cannot be read is 400: %s", async (path) => {
    const answer = ask(path)

    expect(answer?.status).toBe(400)
    expect(await answer?.json()).toMatchObject({ code: "invalid" })
  })

  it.each([
    "/csrf",
    "/callback/credentials",
    "/signin?callbackUrl=%2Fshares%3Fq%3D%C5%BE",
    `/signin?callbackUrl=${encodeURIComponent(`${ORIGIN}/shares`)}`,
    "/signin?callbackUrl=https%3A%2F%2Fevil.example",
    "/signin?callbackUrl=",
    "/error?error=CredentialsSignin",
  ])("that can be read goes to next-auth: %s", (path) => {
    expect(ask(path)).toBeNull()
  })

  it("with a cookie that is not an address is answered with 400 once: the cookie is dropped", () => {
    const answer = ask("/csrf", "next-auth.callback-url=garbage")

    expect(answer?.status).toBe(400)
    expect(answer?.headers.get("set-cookie")).toMatch(
      /^next-auth\.callback-url=; Path=\/; .*Max-Age=0/,
    )
    expect(ask("/csrf", `next-auth.callback-url=${encodeURIComponent(ORIGIN)}`)).toBeNull()
  })
})
