import { NextRequest } from "next/server"
import { expect, it } from "vitest"
import { verifySignIn } from "./verify-sign-in.ts"

it("a sign-in has an email and a password as text, or fails", async () => {
  const request = new NextRequest("http://localhost:3000/api/auth/callback/credentials")
  expect(await verifySignIn(request, {})).toBeNull()
  for (const wrong of [{ email: { a: 1 } }, { password: [1] }, { email: null }]) {
    await expect(verifySignIn(request, wrong)).rejects.toBeRefusal("invalid")
  }
  await expect(verifySignIn(request, { email: "jürgen@example.org" })).rejects.toBeRefusal(
    "invalid",
    {
      field: "email",
      message: expect.stringContaining("“ü” before the @"),
    },
  )
})
