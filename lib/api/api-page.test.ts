import { NextRequest } from "next/server"
import { expect, it } from "vitest"
import { GET } from "#app/api/route.ts"
import { CALLS } from "./calls/all-calls.ts"
import { SHAPES } from "./calls/shapes.ts"

const headers = { "content-security-policy": "style-src 'self' 'nonce-a+b/c=='" }
const answer = GET(new NextRequest("http://localhost:3000/api", { headers }))
const page = await answer.text()

it("the page at /api has every call and every shape, each once, in HTML", () => {
  expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8")
  const headings = [...page.matchAll(/<h3>(?:<code>)?(.*?)(?:<\/code>)?<\/h3>/g)].map((h) => h[1])
  expect(headings.sort()).toEqual([...CALLS.map(({ at }) => at), ...Object.keys(SHAPES)].sort())
  expect(page.replaceAll(/<[^>]*>/g, "")).not.toMatch(/[<`]|undefined|\[object/)
})

it("the page at /api leads to sections that it has, and its style has the nonce of the policy", () => {
  const links = [...page.matchAll(/href="#([^"]*)"/g)].map(([, id]) => `id="${id}"`)
  expect(links.length).toBeGreaterThan(10)
  for (const link of links) expect(page).toContain(link)
  expect(page).toContain('<style nonce="a+b/c==">')
  expect(page).not.toContain("<style>")
})
