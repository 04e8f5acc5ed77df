import fs from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"

const FOLDER = import.meta.dirname
const ROOT = path.join(FOLDER, "..")

test("the stylesheet has the classes of every component that visitors' pages use", () => {
  const css = fs.readFileSync(path.join(FOLDER, "visitor.css"), "utf8")
  const sources = [...css.matchAll(/@source "(.+)";/g)].map(([, glob = ""]) => glob)
  // A source may be a folder.
  const scanned = sources.flatMap((glob) => fs.globSync([glob, `${glob}/**`], { cwd: FOLDER }))
  const files = scanned.map((file) => path.relative(ROOT, path.join(FOLDER, file)))
  const pages = fs.globSync("visitor/{pages,islands}/**/*.{ts,tsx}", { cwd: ROOT })
  const used = pages.flatMap((page) =>
    [...fs.readFileSync(path.join(ROOT, page), "utf8").matchAll(/"#(components\/.+)"/g)].map(
      ([, file = ""]) => file,
    ),
  )

  const styled = [...new Set(used)].filter((file) => /\.tsx$|-class\.ts$/.test(file))
  expect(styled.length).toBeGreaterThan(5)
  expect(files).toEqual(expect.arrayContaining(styled))
})
