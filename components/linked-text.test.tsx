import { renderToStaticMarkup } from "react-dom/server"
import { describe, expect, it, test } from "vitest"
import { cpuMs } from "#testing/cpu-ms.ts"
import { LinkedText, splitUrls } from "./linked-text.tsx"

const linksIn = (text: string) =>
  splitUrls(text).flatMap(({ text: shown, href }) => (href === undefined ? [] : [shown]))

describe("a text", () => {
  it("has its URLs as links, and is otherwise unchanged", () => {
    const text = "See https://example.org/a?b=c#d and\nHTTP://EXAMPLE.ORG, please."
    expect(splitUrls(text)).toEqual([
      { at: 0, text: "See " },
      { at: 4, text: "https://example.org/a?b=c#d", href: "https://example.org/a?b=c#d" },
      { at: 31, text: " and\n" },
      { at: 36, text: "HTTP://EXAMPLE.ORG", href: "http://example.org/" },
      { at: 54, text: ", please." },
    ])
    expect(renderToStaticMarkup(<LinkedText text="Look: https://a.example/?x=1&y=2" />)).toBe(
      'Look: <a href="https://a.example/?x=1&amp;y=2" rel="noreferrer nofollow ugc" ' +
        'class="underline underline-offset-2">https://a.example/?x=1&amp;y=2</a>',
    )
  })

  it.each([
    ["", []],
    ["no address", []],
    ["https://a.example", ["https://a.example"]],
  ])("%j has the links %j", (text, links) => expect(linksIn(text)).toEqual(links))
})

test.each([
  ["https://a.example.", "https://a.example"],
  ["https://a.example/b?!...", "https://a.example/b"],
  ["https://a.example/?", "https://a.example/"],
  ["(https://a.example/b)", "https://a.example/b"],
  ["[https://a.example/b].", "https://a.example/b"],
  ["https://a.example/b_(c)", "https://a.example/b_(c)"],
  ["(see https://a.example/b_(c)).", "https://a.example/b_(c)"],
  ["**https://a.example**", "https://a.example"],
  ["'https://a.example/it's'", "https://a.example/it's"],
  ["<https://a.example/>", "https://a.example/"],
  ["“https://a.example/”", "https://a.example/"],
  ["http://[::1]:3000/a", "http://[::1]:3000/a"],
  ["请看https：//x，见 https://a.example/路。谢谢", "https://a.example/路"],
  ["https://räksmörgås.example/å", "https://räksmörgås.example/å"],
  ["https://a.example/🙂 ", "https://a.example/🙂"],
  ["\u00a0https://a.example/\u00a0b", "https://a.example/"],
])("of %j only %j is the link", (text, link) => {
  expect(linksIn(text)).toEqual([link])
})

describe("hostile text", () => {
  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x file:///etc/passwd ftp://a.example mailto:a@b.example //a.example www.a.example",
    "http:a.example http:/a.example https:// http://. http://?",
    "xhttps://a.example 1http://a.example",
    "http://bank.example@evil.example/ https://user:secret@evil.example",
    "http://a.example:99999999/ http://[::1 http://a%00b.example",
    "ht\u200btps://a.example h\u0000ttp://a.example ｈttps://a.example",
  ])("%j has no link", (text) => {
    expect(linksIn(text)).toEqual([])
    expect(renderToStaticMarkup(<LinkedText text={text} />)).not.toMatch(/<[a-z]/i)
  })

  it.each([
    'http://x"onmouseover="alert(1)',
    "http://x'onmouseover='alert(1)",
    "http://x`onmouseover=alert(1)",
    "http://x<script>alert(1)</script>",
    'http://x"><img src=x onerror=alert(1)>',
    "http://x\u202egro.elpmaxe//:sptth",
    "javascript:http://x/",
    "http://x\u2028<b>\u2029",
    "http://x/\ud800",
  ])("%j becomes one link without attributes of its own", (text) => {
    const html = renderToStaticMarkup(<LinkedText text={text} />)
    const tags = html.match(/<[^>]*>/g)
    expect(tags).toHaveLength(2)
    expect(tags?.[0]).toMatch(
      /^<a href="http:\/\/[^"<>\s]+" rel="noreferrer nofollow ugc" class="[^"]*">$/,
    )
    expect(
      splitUrls(text)
        .map((part) => part.text)
        .join(""),
    ).toBe(text)
  })

  it.each([
    ["h".repeat(100)],
    ["http://".repeat(100)],
    ["http://a".repeat(100)],
    ["http://a/)))]]]...".repeat(50)],
    [`http://a/${"(".repeat(300)}${")".repeat(600)}`],
    [`http://a/${".".repeat(900)}`],
    ["http://a/ ".repeat(100)],
    ["\u200b".repeat(900)],
  ])("takes time linear in its length: %#", (piece) => {
    const length = 400_000
    const text = piece.repeat(Math.ceil(length / piece.length))
    const began = cpuMs()
    const joined = splitUrls(text).map((part) => part.text)
    // The text is a hundred times the longest message; quadratic time would be minutes.
    expect(cpuMs() - began).toBeLessThan(10_000)
    expect(joined.join("")).toBe(text)
  })
})
