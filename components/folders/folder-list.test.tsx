import { renderToStaticMarkup } from "react-dom/server"
import { expect, test } from "vitest"
import { toSortedTree } from "./folder.ts"
import { FolderList } from "./folder-list.tsx"

type File = { name: string; path: string; size: number }
const someFiles = (count: number, path: string): File[] =>
  Array.from({ length: count }, (_, at) => ({ name: `${at}`, path, size: 1 }))

const markup = (files: File[], limit?: number) =>
  renderToStaticMarkup(
    <FolderList
      tree={toSortedTree(files)}
      row={({ name, path }) => <li key={`${path}/${name}`}>{name}</li>}
      aside={({ count }) => count}
      {...(limit && { limit: { rows: limit, text: (more) => `${more} more` } })}
    />,
  )
const count = (html: string, text: string) => html.split(text).length - 1

test("folders stand before files, and every file of a large tree is drawn once", () => {
  const html = markup([...someFiles(1, ""), ...someFiles(4_000, "a"), ...someFiles(2_000, "b/c")])
  expect(count(html, "<li>")).toBe(6_001)
  expect(html.lastIndexOf("<details")).toBeLessThan(html.lastIndexOf("<li>0</li>"))
})

test("folders that contain only one folder share a row, named by their path", () => {
  const html = markup(someFiles(2, "a/b/c"))
  expect(count(html, "<summary")).toBe(1)
  expect(html).toContain("<bdi>a/b/c</bdi>")
})

test.each([
  ["every folder of a small tree is open", [...someFiles(20, "a"), ...someFiles(10, "b")], 2],
  ["folders of a larger tree are closed", [...someFiles(20, "a"), ...someFiles(11, "b")], 0],
  ["a folder without a sibling is open", someFiles(200, "a"), 1],
  ["a large folder is closed without a sibling too", someFiles(201, "a"), 0],
])("%s", (_, files, open) => {
  expect(count(markup(files), "<details open")).toBe(open)
})

test("a limit applies to every folder, which shows how many files are left out", () => {
  const html = markup([...someFiles(5, "a"), ...someFiles(4, "b")], 3)
  expect(count(html, "<li>")).toBe(6)
  expect(html).toContain("2 more")
  expect(html).toContain("1 more")
})
