import { NextRequest } from "next/server"
import { expect, it } from "vitest"
import { verifySignIn } from "./verify-sign-in.ts"

const verify = (fields: Record<string, string>) =>
  verifySignIn(
    new URLSearchParams(fields),
    new NextRequest("http://localhost:3000/api/auth/callback/credentials"),
  )

it("a sign-in has an email and a password, or fails", async () => {
  await expect(verify({})).rejects.toBeRefusal("wrong_credentials", {
    message: "Incorrect email or password.",
  })
  await expect(verify({ email: "jürgen@example.org" })).rejects.toBeRefusal("invalid", {
    field: "email",
    message: expect.stringContaining("“ü” before the @"),
  })
})
