import fs from "node:fs"
import path from "node:path"
import { expect, it } from "vitest"

const root = path.join(import.meta.dirname, "..")
const FOLDERS =
  "{app,bench,bin,components,docs,e2e,lib,messages,packages,prisma,server,testing,visitor}"
const MOST_FILES = 20
/** Tests are beside what they test, and measurements beside their README. */
const UNCOUNTED = /\.(test|bench)\.tsx?$/
/** Folders of generated files, and the numbered decisions. */
const EXEMPT = ["prisma/generated", "docs/decisions"]

it("no folder has more than twenty files besides tests", () => {
  const counts: Record<string, number> = {}
  for (const entry of fs.globSync(`${FOLDERS}/**/*`, { cwd: root, withFileTypes: true })) {
    const folder = path.relative(root, entry.parentPath)
    if (!entry.isFile() || UNCOUNTED.test(entry.name)) continue
    if (EXEMPT.some((exempt) => `${folder}/`.startsWith(`${exempt}/`))) continue
    counts[folder] = (counts[folder] ?? 0) + 1
  }
  expect(Object.entries(counts).filter(([, count]) => count > MOST_FILES)).toEqual([])
})
