import { afterEach, describe, expect, it, vi } from "vitest"
import { addressOf } from "./installation.ts"
import { print, printJson, say } from "./terminal.ts"
import { readCount, readEnd } from "./verb.ts"
import { readLink } from "./visit.ts"

const TOKEN = "A".repeat(32)

describe("an end", () => {
  it.each([
    ["30m", 1_800],
    ["12h", 43_200],
    ["7d", 604_800],
    ["2w", 1_209_600],
  ])("counts by the clock of the installation: %s", (given, seconds) => {
    expect(readEnd(given)).toEqual({ expiresIn: seconds })
  })

  it("is a date, never, or not given", () => {
    expect(readEnd("2027-01-31T12:00:00Z")).toEqual({ expiresAt: "2027-01-31T12:00:00.000Z" })
    expect(readEnd("never")).toEqual({ expiresAt: null })
    expect(readEnd(undefined)).toEqual({})
  })

  it.each(["", "7", "7y", "soon", "-1d", "2027-13-41"])("is refused: %j", (given) => {
    expect(() => readEnd(given)).toThrow("is not an end")
  })
})

it.each(["0", "-1", "1.5", "ten", "1e3"])("a count of %j is refused", (given) => {
  expect(() => readCount(given, "limit")).toThrow("--limit takes a whole number from 1 on.")
})

describe("a link", () => {
  it("is that of a share or of a request", () => {
    const base = `https://files.example.com/s/${TOKEN}`
    expect(readLink(`${base}/`, "s")).toEqual({ base, token: TOKEN })
    expect(readLink("http://localhost:3000/r/photos", "r").base).toBe(
      "http://localhost:3000/r/photos",
    )
  })

  it.each([
    `https://files.example.com/r/${TOKEN}`,
    "https://files.example.com/",
    `ftp://files.example.com/s/${TOKEN}`,
    `https://me:secret@files.example.com/s/${TOKEN}`,
    "/tmp/a file",
  ])("is refused: %s", (link) => {
    expect(() => readLink(link, "s")).toThrow(/is not the (link|address)/)
  })
})

it("the address of an installation is its origin", () => {
  expect(addressOf("files.example.com/s/")).toBe("https://files.example.com")
  expect(() => addressOf("javascript://x")).toThrow("is not the address")
})

describe("what others wrote", () => {
  afterEach(() => vi.restoreAllMocks())

  it("cannot move the cursor, turn the text or begin a line, whoever prints it", () => {
    let shown = ""
    const show = (text: string | Uint8Array) => {
      shown += text
      return true
    }
    vi.spyOn(process.stdout, "write").mockImplementation(show)
    vi.spyOn(process.stderr, "write").mockImplementation(show)
    const name = "a\u001b[2Jb\rc\u202Etxt.exe\u0007\nd"

    print(name)
    say(name)
    printJson({ name })

    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it looks for
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    const lines = shown.split("\n")
    expect(lines).toHaveLength(4)
    expect(JSON.parse(lines[2] ?? "")).toEqual({ name })
  })
})
