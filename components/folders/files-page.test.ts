import { expect, test } from "vitest"
import { ROWS_PER_PAGE } from "#lib/rooms/shares/list/shared-files.ts"
import { restOf, toFilesPage } from "./files-page.ts"
import { countFolders, type Folder, filesOf } from "./folder.ts"

type File = { id: string; name: string; path: string; size: number }

/** The first page of a share with `filesInEach` files in each of these folders. */
function firstPage(paths: string[], filesInEach: number) {
  const files = paths.flatMap((path) =>
    Array.from({ length: filesInEach }, (_, n) => ({
      id: `${path}/${n}`,
      name: `${n}`,
      path,
      size: 1,
    })),
  )
  const folders = paths.map((path) => ({
    path,
    files: filesInEach,
    count: filesInEach,
    bytes: filesInEach,
  }))
  const listed = files.slice(0, ROWS_PER_PAGE)
  return toFilesPage<File>({ files: listed, folders, hasMore: files.length > listed.length })
}
const pathsOf = (count: number) => Array.from({ length: count }, (_, n) => `trip/${n + 1}`)
const rows = (tree: Folder<File>) => countFolders(tree) + filesOf(tree).length

test("a tree of up to 250 folders is shown completely, with as many files as fit", () => {
  const page = firstPage(pathsOf(100), 100)
  expect(page.tree.folders[0]?.folders).toHaveLength(100)
  expect(page.tree.count).toBe(10_000)
  expect(rows(page.tree)).toBe(ROWS_PER_PAGE)
  expect(page).toMatchObject({ hasMore: true, last: { path: "trip/4", name: "98" } })
})

test.each([251, 5_000])("of %i folders only those of the listed files are drawn", (count) => {
  const page = firstPage(pathsOf(count), 2)
  expect(rows(page.tree)).toBeLessThanOrEqual(ROWS_PER_PAGE)
  expect(rows(page.tree)).toBeGreaterThan(ROWS_PER_PAGE - 4)
  expect(page.tree.count).toBe(2 * count)
  expect(page.hasMore).toBe(true)
})

test("a file with more folders above it than a page has rows is listed", () => {
  const deep = Array.from({ length: 600 }, (_, n) => n).join("/")
  const page = firstPage([deep, `${deep}/x`, ...pathsOf(300)], 1)
  expect(filesOf(page.tree).length).toBeGreaterThan(0)
})

test("a small list is complete", () => {
  const page = firstPage(["", "a", "a/b"], 3)
  expect(filesOf(page.tree)).toHaveLength(9)
  expect(page.hasMore).toBe(false)
})

test("the rest of a folder is listed from its beginning, or after the last file", () => {
  const page = firstPage(pathsOf(100), 100)
  const [trip] = page.tree.folders
  const rest = (n: number) => {
    const folder = trip?.folders[n]
    return folder && { ...restOf(folder, page), unlisted: folder.unlisted }
  }
  expect(rest(0)?.unlisted).toBe(0)
  expect(rest(3)).toEqual({ after: "trip/4/98", what: "next", unlisted: 1 })
  expect(rest(7)).toEqual({ after: "/trip/8", what: "all", unlisted: 100 })
})
