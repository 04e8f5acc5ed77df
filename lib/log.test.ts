import { describe, expect, it } from "vitest"
import { db } from "./db.ts"
import { loggedError } from "./log.ts"

describe("the log", () => {
  it("has an error's message, code and stack, and none of its other properties", () => {
    const cause = Object.assign(new Error("no route"), { password: "hunter2" })
    const error = Object.assign(new Error("lost", { cause }), {
      code: "57P01",
      client: { secretKey: 4711, statements: ["SELECT"] },
      detail: "Key (email)=(ada@example.org)",
    })

    expect(loggedError(error)).toEqual({
      type: "Error",
      message: "lost",
      code: "57P01",
      stack: expect.stringContaining("log.test.ts"),
      cause: { type: "Error", message: "no route", stack: expect.any(String) },
    })
  })

  it("has no value of a failed query", async () => {
    const failed = await db.member
      .create({ data: { email: "Not@Lower.example", name: "x", passwordHash: "a-secret-hash" } })
      .catch((error: unknown) => error)

    expect(JSON.stringify(loggedError(failed))).toContain("member_email_lower")
    expect(JSON.stringify(loggedError(failed))).not.toMatch(/a-secret-hash|Not@Lower/)
  })
})
