import { randomUUID } from "node:crypto"
import { describe, expect, it, test } from "vitest"
import { filesOf, toSortedTree } from "#components/folders/folder.ts"
import { aShareOfFiles } from "#testing/builders/a-share-of-files.ts"
import { listSharedFiles } from "./list-shared-files.ts"

const namesIn = async (asked: Parameters<typeof listSharedFiles>[0]) =>
  (await listSharedFiles(asked)).files.map(({ path, name }) => (path ? `${path}/${name}` : name))

test("files are in the order of their tree: folders first, numbers as numbers", async () => {
  const names = [
    "10.jpg",
    "9.jpg",
    "Ä.jpg",
    "b.jpg",
    "a.jpg",
    "a.JPG",
    "ß",
    "Z",
    "_x",
    "-",
    "1",
    "01",
  ]
  const paths = ["", "day 10", "day 9", "day 9/raw", "Day 9", "a/b/c", "a b", "a", "1", "é", "z"]
  const given = paths.flatMap((path) => names.map((name) => ({ name, path })))
  const shuffled = given.toSorted((a, b) => (a.name + a.path < b.name + b.path ? 1 : -1))
  const { shareId } = await aShareOfFiles(shuffled)
  const { files } = await listSharedFiles({ shareId })
  // Names that the collator considers equal, such as "1" and "01", may be in any order.
  const natural = new Intl.Collator("en", { numeric: true })
  const inTree = filesOf(toSortedTree(files.toReversed()))
  const place = ({ path, name }: { path: string; name: string }) => `${path}/${name}`
  expect(files).toHaveLength(given.length)
  for (const [index, file] of inTree.entries()) {
    const listed = files[index]
    expect(natural.compare(place(file), listed ? place(listed) : ""), place(file)).toBe(0)
  }
})

describe("a place in the list", () => {
  it("continues after a file, so that pages list every file once", async () => {
    const given = Array.from({ length: 250 }, (_, n) => ({
      name: `same`,
      path: n % 3 ? `f/${n % 7}` : "",
    }))
    const { shareId, ids } = await aShareOfFiles(given)
    const seen: string[] = []
    for (let after = ""; ; ) {
      const { files, hasMore } = await listSharedFiles({ shareId, after, limit: 40 })
      seen.push(...files.map(({ id }) => id))
      if (!hasMore) break
      after = files.at(-1)?.id ?? ""
    }
    expect(seen).toHaveLength(250)
    expect(new Set(seen)).toEqual(new Set(ids))
  })

  it("may be the own files of a folder, which come after those of its folders", async () => {
    const { shareId } = await aShareOfFiles([
      ...[
        { name: "1", path: "a/x" },
        { name: "2", path: "a" },
        { name: "3", path: "b" },
      ],
      { name: "4" },
    ])
    expect(await namesIn({ shareId })).toEqual(["a/x/1", "a/2", "b/3", "4"])
    expect(await namesIn({ shareId, after: "/a" })).toEqual(["a/2", "b/3", "4"])
    expect(await namesIn({ shareId, after: "/" })).toEqual(["4"])
  })

  it.each(["elsewhere", "/elsewhere", randomUUID(), "\0", "'"])(
    "is the beginning where %j is none",
    async (after) => {
      const { shareId } = await aShareOfFiles([{ name: "1" }])
      expect(await namesIn({ shareId, after })).toEqual(["1"])
    },
  )
})

test("counts are of all files, folders and the number found of the files that were requested", async () => {
  const { shareId } = await aShareOfFiles([
    ...[
      { name: "a", path: "x" },
      { name: "b", path: "x" },
      { name: "a", path: "y" },
    ],
    ...[
      { name: "c", status: "uploading" as const },
      { name: "a", status: "abandoned" as const },
    ],
  ])
  expect(await listSharedFiles({ shareId, q: "a", limit: 1 })).toMatchObject({
    counts: { ready: 3, readyBytes: 30, arriving: 1, arrivingBytes: 10, abandoned: 1 },
    found: 3,
    hasMore: true,
    files: [{ name: "a", path: "x" }],
    folders: expect.arrayContaining([
      { path: "x", files: 1, count: 1, bytes: 10 },
      { path: "", files: 1, count: 0, bytes: 0 },
    ]),
  })
  expect(await listSharedFiles({ shareId: randomUUID() })).toMatchObject({ found: 0, files: [] })
})

test("a folder contains what is below it, and no folder whose name only begins like it", async () => {
  const { shareId, ids } = await aShareOfFiles([
    ...[
      { name: "1", path: "a" },
      { name: "2", path: "a/b" },
      { name: "3", path: "ab" },
    ],
    { name: "4", path: "a%" },
  ])
  expect(await namesIn({ shareId, folder: "a" })).toEqual(["a/b/2", "a/1"])
  expect(await namesIn({ shareId, folder: "a", q: "2" })).toEqual(["a/b/2"])
  expect(await namesIn({ shareId, ids: [ids[2] ?? "", "none", randomUUID()] })).toEqual(["ab/3"])
  expect(await namesIn({ shareId, ids: [] })).toEqual([])
})

describe("a search", () => {
  const found = async (q: string, ...names: string[]) => {
    const given = names.map((name) => {
      const cut = name.lastIndexOf("/")
      return { name: name.slice(cut + 1), path: name.slice(0, Math.max(0, cut)) }
    })
    return namesIn({ shareId: (await aShareOfFiles(given)).shareId, q })
  }

  it("finds a part of a file's name or of its folders' names, also across both", async () => {
    const names = ["trip/day 1/a.jpg", "trip/day 2/b.jpg", "c.jpg"]
    expect(await found("b.j", ...names)).toEqual(["trip/day 2/b.jpg"])
    expect(await found("day", ...names)).toEqual(["trip/day 1/a.jpg", "trip/day 2/b.jpg"])
    expect(await found("1/a", ...names)).toEqual(["trip/day 1/a.jpg"])
    expect(await found("/c", ...names)).toEqual([])
    expect(await found("elsewhere", ...names)).toEqual([])
    expect(await found(" \t ", ...names)).toHaveLength(3)
  })

  it.each([
    ["RÄKSMÖRGÅS.jpg", "raksmorgas"],
    ["raksmorgas.jpg", "Räksmörgås"],
    ["re\u0301sume\u0301.pdf", "résumé"],
    ["résumé.pdf", "RE\u0301SUME\u0301"],
    ["Straße", "STRASSE"],
    ["ΟΔΟΣ", "οδος"],
    ["İstanbul", "istanbul"],
    ["ﬁnal.pdf", "final"],
  ])("finds %s by %s, whatever the case and the accents", async (name, q) => {
    expect(await found(q, name)).toEqual([name])
  })

  it("distinguishes letters whose script writes them with marks", async () => {
    expect(await found("की", "का")).toEqual([])
    expect(await found("が", "か")).toEqual([])
  })

  it("treats every character literally", async () => {
    expect(await found(".*", "a.b")).toEqual([])
    expect(await found("[", "a[1].txt")).toEqual(["a[1].txt"])
    expect(await found("%", "ab", "a%b")).toEqual(["a%b"])
    expect(await found("a\0b", "ab")).toEqual(["ab"])
  })
})

test("twenty times as many files in twenty times as many folders take about twenty times as long", async () => {
  const of = async (count: number) => {
    const files = Array.from({ length: count }, (_, n) => ({ name: `IMG ${n}`, path: `a/${n}` }))
    const { shareId } = await aShareOfFiles(files)
    const times: number[] = []
    for (let round = 0; round < 5; round++) {
      const begun = performance.now()
      expect((await listSharedFiles({ shareId })).found).toBe(count)
      times.push(performance.now() - begun)
    }
    return Math.min(...times)
  }
  const [few, many] = [await of(250), await of(5_000)]
  // Quadratic growth would be a factor of 400; other load on the machine may slow either.
  expect(many).toBeLessThan(120 * few)
})
