import { expect, test } from "vitest"
import type { LinkFile } from "#lib/claims/link-page.ts"
import { filesByFolder, PART_SIZE } from "./files-by-folder.ts"

function aFile(name: string, path = ""): LinkFile {
  return { id: name, name, path, size: 1, contentType: "text/plain", status: "ready" }
}

test("loose files come first, then folders in the order people count", () => {
  const files = [aFile("b", "day 10"), aFile("a", "day 9"), aFile("loose"), aFile("c", "day 9")]
  const { folders } = filesByFolder(files, 1)
  expect(folders.map(({ path, files: [...inside] }) => [path, inside.map((f) => f.name)])).toEqual([
    ["", ["loose"]],
    ["day 9", ["a", "c"]],
    ["day 10", ["b"]],
  ])
})

test("every file is on exactly one part, and a part that is not there is the last", () => {
  const files = Array.from({ length: PART_SIZE * 2 + 5 }, (_, i) => aFile(`${i}`, `${i % 7}`))
  const shown = [1, 2, 3].flatMap((part) => filesByFolder(files, part).folders)
  expect(new Set(shown.flatMap((folder) => folder.files.map(({ id }) => id))).size).toBe(405)
  expect(filesByFolder(files, 3)).toMatchObject({ parts: 3, from: 401, to: 405 })
  expect(filesByFolder(files, 99)).toEqual(filesByFolder(files, 3))
})
