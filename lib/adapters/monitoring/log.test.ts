import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { createLog, loggedError } from "./log.ts"

/** The lines that the log writes to an output. */
function written(output: { isTTY: boolean; hasColours?: boolean }, act: (log: Log) => void) {
  let text = ""
  const write = (part: string) => {
    text += part
    return true
  }
  act(createLog({ ...output, write, hasColors: () => output.hasColours ?? false } as Output))
  return text
}
type Output = Parameters<typeof createLog>[0]
type Log = ReturnType<typeof createLog>

const refuse = (log: Log) =>
  log.warn({ route: "/shares", tried: 3, reason: 'no "room"' }, "the upload waits")

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

  it("is a line for people in a terminal, with the few fields after the message", () => {
    expect(written({ isTTY: true }, refuse)).toMatch(
      /^\d\d:\d\d:\d\d WARN {2}the upload waits route=\/shares tried=3 reason="no \\"room\\""\n$/,
    )
  })

  it("has colours only if the terminal has them", () => {
    expect(written({ isTTY: true, hasColours: true }, refuse)).toContain("\x1b[33mWARN \x1b[0m")
    expect(written({ isTTY: true, hasColours: false }, refuse)).not.toContain("\x1b")
    expect(written({ isTTY: false, hasColours: true }, refuse)).not.toContain("\x1b")
  })

  it("is JSON if the output is not a terminal", () => {
    const lines = written({ isTTY: false }, (log) => {
      refuse(log)
      log.error({ error: new Error("gone") }, "a request failed")
    })
    const [first, second] = lines.trimEnd().split("\n")

    expect(JSON.parse(first ?? "")).toEqual({
      level: "warn",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      route: "/shares",
      tried: 3,
      reason: 'no "room"',
      msg: "the upload waits",
    })
    expect(JSON.parse(second ?? "")).toMatchObject({ level: "error", error: { message: "gone" } })
  })

  it("gives a terminal no control characters of logged values", () => {
    const cause = new Error("\x1b]0;title\x07")
    const lines = written({ isTTY: true }, (log) => {
      log.error(
        { error: new Error("one\x1b[2J", { cause }), name: "a\x1b[31m\x9b1m" },
        "two\x1b[1A",
      )
    })

    expect(lines).toMatch(
      /ERROR two\[1A .*\n {4}Error: one\[2J\n {4}at [\s\S]*caused by\n {4}Error: /,
    )
    expect(lines.replaceAll("\n", "")).not.toMatch(/\p{Cc}/u)
  })
})
