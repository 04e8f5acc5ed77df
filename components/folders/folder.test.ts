import { expect, test } from "vitest"
import { type Folder, filesOf, PART_SIZE, partOf, toTree } from "./folder.ts"

type File = { name: string; path: string; size: number }
const aFile = (name: string, path = "", size = 1): File => ({ name, path, size })
const drawn = (folder: Folder<File>): unknown => [
  `${folder.name} ${folder.count} ${folder.bytes}`,
  ...folder.files.map(({ name }) => name),
  ...folder.folders.map(drawn),
]

test("files stand in their folders, and a folder counts all that is below it", () => {
  const files = [
    aFile("b", "trip/day 10", 5),
    aFile("a", "trip/day 9/raw", 2),
    aFile("loose"),
    aFile("c", "trip/day 9", 3),
    aFile("d", "trip"),
  ]
  expect(drawn(toTree(files))).toEqual([
    " 5 12",
    "loose",
    ["trip 4 11", "d", ["day 9 2 5", "c", ["raw 1 2", "a"]], ["day 10 1 5", "b"]],
  ])
})

test("a folder does not count what was given up, and still shows it", () => {
  const files = [aFile("a", "trip", 5), { ...aFile("b", "trip", 7), status: "abandoned" }]
  expect(drawn(toTree(files))).toEqual([" 1 5", ["trip 1 5", "a", "b"]])
})

test("a folder may be called like something every object has", () => {
  expect(drawn(toTree([aFile("a", "__proto__/constructor")]))).toEqual([
    " 1 1",
    ["__proto__ 1 1", ["constructor 1 1", "a"]],
  ])
})

test("every file is on exactly one part, and a part that is not there is the nearest", () => {
  const files = Array.from({ length: PART_SIZE * 2 + 5 }, (_, i) => aFile(`${i}`, `f/${i % 7}`))
  const shown = [1, 2, 3].flatMap((part) => filesOf(partOf(files, part).tree))
  expect(shown).toHaveLength(405)
  expect(new Set(shown.map(({ name }) => name)).size).toBe(405)
  expect(partOf(files, 3)).toMatchObject({ part: 3, parts: 3, from: 401, to: 405 })
  expect(partOf(files, 99)).toEqual(partOf(files, 3))
  expect(partOf(files, -1)).toEqual(partOf(files, 1))
})

test("on every part a folder tells how much it holds in all", () => {
  const files = Array.from({ length: PART_SIZE + 1 }, (_, i) => aFile(`${i}`, "all/of it", 2))
  const { tree } = partOf(files, 2)
  expect(tree.folders[0]).toMatchObject({ name: "all", count: 201, bytes: 402 })
  expect(tree.folders[0]?.folders[0]).toMatchObject({ name: "of it", count: 201 })
  expect(filesOf(tree)).toHaveLength(1)
})

test("ten thousand files become a tree in no time", () => {
  const files = Array.from({ length: 10_000 }, (_, i) => aFile(`${i}`, `a/${i % 100}/${i % 1_000}`))
  const began = performance.now()
  expect(partOf(files, 50).to).toBe(10_000)
  expect(performance.now() - began).toBeLessThan(500)
})
