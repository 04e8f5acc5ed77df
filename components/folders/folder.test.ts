import { describe, expect, it, test } from "vitest"
import { cpuMs } from "#testing/cpu-ms.ts"
import { type Folder, filesOf, pathBelow, toSortedTree, toTree } from "./folder.ts"

type File = { name: string; path: string; size: number; status?: string }
const aFile = (name: string, path = "", size = 1): File => ({ name, path, size })
const drawn = (folder: Folder<File>): unknown[] => [
  `${folder.name} ${folder.count} ${folder.bytes}`,
  ...folder.folders.map(drawn),
  ...folder.files.map(({ name }) => name),
]

test("files are grouped by folder, and a folder counts all files below it", () => {
  const files = [
    aFile("b", "trip/day 10", 5),
    aFile("a", "trip/day 9/raw", 2),
    aFile("loose"),
    aFile("c", "trip/day 9", 3),
    aFile("d", "trip"),
  ]
  expect(drawn(toTree(files))).toEqual([
    " 5 12",
    ["trip 4 11", ["day 9 2 5", ["raw 1 2", "a"], "c"], ["day 10 1 5", "b"], "d"],
    "loose",
  ])
})

test("a folder does not count abandoned files, and still shows them", () => {
  const files = [aFile("a", "trip", 5), { ...aFile("b", "trip", 7), status: "abandoned" }]
  expect(drawn(toTree(files))).toEqual([" 1 5", ["trip 1 5", "a", "b"]])
})

test("a folder may have the name of a property that every object has", () => {
  expect(drawn(toTree([aFile("a", "__proto__"), aFile("b", "constructor")]))).toEqual([
    " 2 2",
    ["__proto__ 1 1", "a"],
    ["constructor 1 1", "b"],
  ])
})

test("folders and files are sorted naturally, whatever their original order", () => {
  const files = ["10.jpg", "9.jpg", "Ä.jpg", "b.jpg", "a.jpg"].map((name) => aFile(name))
  files.push(aFile("x", "day 10"), aFile("x", "day 9"))
  expect(drawn(toSortedTree(files))).toEqual([
    " 7 7",
    ["day 9 1 1", "x"],
    ["day 10 1 1", "x"],
    "9.jpg",
    "10.jpg",
    "a.jpg",
    "Ä.jpg",
    "b.jpg",
  ])
  expect(drawn(toTree(files)).slice(3)).toEqual(["10.jpg", "9.jpg", "Ä.jpg", "b.jpg", "a.jpg"])
})

describe("a folder that holds nothing but one folder", () => {
  it("shares a row with it", () => {
    const tree = toTree([aFile("a", "x/y/z", 3), aFile("b", "x/y/z", 4)])
    expect(drawn(tree)).toEqual([" 2 7", ["x/y/z 2 7", "a", "b"]])
    expect(tree.folders[0]?.path).toBe("x/y/z")
  })

  it("does so at any depth", () => {
    expect(drawn(toTree([aFile("a", "x"), aFile("b", "x/y/z"), aFile("c", "x/v/w")]))).toEqual([
      " 3 3",
      ["x 3 3", ["v/w 1 1", "c"], ["y/z 1 1", "b"], "a"],
    ])
  })

  it("keeps a separate row beside a file or another folder", () => {
    expect(drawn(toTree([aFile("a", "x/y"), aFile("b", "x")]))).toEqual([
      " 2 2",
      ["x 2 2", ["y 1 1", "a"], "b"],
    ])
  })
})

test("every file is in the tree once, in the order its rows have", () => {
  const files = Array.from({ length: 405 }, (_, i) => aFile(`${i}`, i % 3 ? `f/${i % 7}/g` : ""))
  const all = filesOf(toSortedTree(files))
  expect(all).toHaveLength(405)
  expect(new Set(all)).toEqual(new Set(files))
  expect(all.slice(-2).map(({ name }) => name)).toEqual(["399", "402"])
})

test("a folder of which not all files are listed counts all of them, and says how many are left out", () => {
  const contents = [
    { path: "trip/day 1", files: 3, count: 2, bytes: 9 },
    { path: "trip/day 2", files: 5, count: 5, bytes: 10 },
  ]
  const { folders } = toTree([aFile("a", "trip/day 1")], contents)
  expect(folders).toMatchObject([
    {
      name: "trip",
      count: 7,
      bytes: 19,
      unlisted: 0,
      folders: [
        { name: "day 1", count: 2, files: [{ name: "a" }], unlisted: 2 },
        { name: "day 2", count: 5, files: [], unlisted: 5 },
      ],
    },
  ])
  expect(
    toTree<File>(
      [],
      [
        { path: "a", files: 1, count: 1, bytes: 1 },
        { path: "a/b", files: 1, count: 1, bytes: 1 },
      ],
    ).folders[0]?.name,
  ).toBe("a")
})

test("a path below a folder begins there, and a path elsewhere stays whole", () => {
  expect(pathBelow("a/b", "a/b/c")).toBe("c")
  expect(pathBelow("a/b", "a/b")).toBe("")
  expect(pathBelow("a/b", "a/bc")).toBe("a/bc")
  expect(pathBelow("", "a/b")).toBe("a/b")
})

test("building a tree takes linear time", () => {
  const of = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      aFile(`IMG räk ${(i * 7_919) % count}.jpg`, `a/${i % 100}/${i % 1_000}`),
    )
  const [few, many] = [of(500), of(20_000)]
  expect(toSortedTree(many).count).toBe(20_000)
  // Quadratic time would be a factor of 1,600; the time of a small tree is measured coarsely.
  expect(fastest(() => toSortedTree(many))).toBeLessThan(400 * fastest(() => toSortedTree(few)))
})

/** The shortest of five runs in milliseconds of the processor. */
function fastest(work: () => unknown) {
  const times = Array.from({ length: 5 }, () => {
    const began = cpuMs()
    work()
    return cpuMs() - began
  })
  return Math.min(...times)
}
