import { afterEach, describe, expect, it, vi } from "vitest"
import { BROWSERS, SYSTEMS } from "./agent-tables.ts"
import { findBot, findTool, firstMatch, isBot, isUnfurler, TOOLS } from "./bots.ts"
import { describeUserAgent } from "./user-agent.ts"

const LENGTH = 16 * 1024
const filled = (part: string) => part.repeat(Math.ceil(LENGTH / part.length)).slice(0, LENGTH)

/** For each pattern, the text that makes it start a match repeatedly and never complete one. */
const wordsOf = ([pattern]: readonly [RegExp, string]) =>
  (pattern.source.match(/[A-Za-z]{2,}/g) ?? []).flatMap((word) => [
    word,
    `${word}-`,
    `${word} `,
    `${word}.`,
  ])
const tables = [...TOOLS, ...BROWSERS, ...SYSTEMS]
const attacks = [
  ...new Set(["a", "a-", "-", ".", "botbot", "Abot.", " ", "(", "compatible; ", "\u00e9"]),
  ...new Set(tables.flatMap(wordsOf)),
].map(filled)

const timed = (work: () => unknown) => {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

afterEach(() => vi.restoreAllMocks())

describe("a user agent of 16 KB", () => {
  it("of python-python-… costs a click no measurable time", () => {
    const attack = filled("python-")
    const all = [isBot, isUnfurler, findBot, findTool, describeUserAgent]
    expect(timed(() => all.map((read) => read(attack)))).toBeLessThan(20)
  })

  it("that repeats the words of any pattern is read quickly by every function", () => {
    expect(attacks.length).toBeGreaterThan(100)
    for (const read of [isBot, isUnfurler, findBot, findTool, describeUserAgent]) {
      expect(timed(() => attacks.map((attack) => read(attack))) / attacks.length).toBeLessThan(5)
    }
  })

  it.each(["python-", "a-", "Abot.", "node-", "Mozilla/5.0 "])(
    "of %s… keeps the tables linear even where it is not cut",
    (part) => {
      const uncut = filled(part)
      // Tests the patterns without the function that cuts the text.
      expect(timed(() => tables.map(([pattern]) => pattern.test(uncut)))).toBeLessThan(50)
    },
  )

  it("is cut before any pattern sees it", () => {
    const lengths = new Set<number>()
    const test = RegExp.prototype.exec
    vi.spyOn(RegExp.prototype, "exec").mockImplementation(function (this: RegExp, text: string) {
      lengths.add(text.length)
      return test.call(this, text)
    })
    const attack = filled("SomeNewCrawler-")
    for (const read of [isBot, isUnfurler, findBot, findTool, describeUserAgent]) read(attack)
    firstMatch(TOOLS, attack)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(500)
  })

  it("is recognised by its beginning like a short one", () => {
    expect(describeUserAgent(`curl/8.14.1 ${filled("x")}`)).toBe("curl")
    expect(isUnfurler(`Slackbot-LinkExpanding 1.0 ${filled("x")}`)).toBe(true)
    expect(findBot(`Mozilla/5.0 (compatible; SomeNewCrawler/1.0) ${filled("x")}`)).toBe(
      "SomeNewCrawler",
    )
  })
})
