import { readFileSync } from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"

it("the changelog says for each version what to do, what changed and what is new, in this order", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../CHANGELOG.md"), "utf8")
  const versions = text.split(/^## /m).slice(1)
  for (const version of versions) {
    const parts = [...version.matchAll(/^### (.*)$/gm)].map(([, name]) => name ?? "")
    const order = ["What to do", "Changed", "New", "Fixed"]
    const sorted = [...new Set(parts)].sort((a, b) => order.indexOf(a) - order.indexOf(b))
    expect(order, version.slice(0, 40)).toEqual(expect.arrayContaining(parts))
    expect(parts).toEqual(sorted)
  }
})
