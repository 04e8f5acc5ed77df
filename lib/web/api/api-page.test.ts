import { createHash } from "node:crypto"
import { expect, it } from "vitest"
import { GET } from "#app/api/route.ts"
import { CALLS } from "./calls/all-calls.ts"
import { SHAPES } from "./calls/shapes.ts"

const answer = GET()
const page = await answer.text()

it("the page at /api has every call and every shape, each once, in HTML", () => {
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8")
  const headings = [...page.matchAll(/<h3>(?:<code>)?(.*?)(?:<\/code>)?<\/h3>/g)].map((h) => h[1])
  expect(headings.sort()).toEqual([...CALLS.map(({ at }) => at), ...Object.keys(SHAPES)].sort())
  expect(page.replaceAll(/<[^>]*>/g, "")).not.toMatch(/[<`]|undefined|\[object/)
})

it("the page at /api leads to sections that it has, and its policy allows its style alone", () => {
  const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => `id="${id}"`)
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) expect(page).toContain(link)
  const style = page.slice(page.indexOf("<style>") + 7, page.indexOf("</style>"))
  const hash = createHash("sha256").update(style).digest("base64")
  expect(answer.headers.get("content-security-policy")).toContain(`style-src 'sha256-${hash}'`)
})
