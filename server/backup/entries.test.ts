import fs from "node:fs"
import path from "node:path"
import { afterEach, expect, it } from "vitest"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { type Entry, lineOf, listNames, pairByName, readEntries } from "./entries.ts"

const place = makeFastDirectory()
afterEach(place.remove)

const NAMES = ["b", "a/b", "a-b", "a.b", "a/b-c/d", "a/b.c", "a0", "a/0/1/2", "Z/z", "a/b-c.d"]

function write(names: string[]) {
  const directory = path.join(place.path, "listed")
  for (const name of names) {
    fs.mkdirSync(path.dirname(path.join(directory, name)), { recursive: true })
    fs.writeFileSync(path.join(directory, name), name)
  }
  return directory
}

async function* entriesOf(names: string[]): AsyncGenerator<Entry> {
  for (const name of names) yield { name, bytes: 1, sha256: "-" }
}

async function collect<Item>(items: AsyncIterable<Item>) {
  const collected: Item[] = []
  for await (const item of items) collected.push(item)
  return collected
}

it("lists names in one order across folders, and pairs them with a list in that order", async () => {
  const directory = write(NAMES)
  const sorted = [...NAMES].sort((a, b) => (a < b ? -1 : 1))
  expect([...listNames(directory)]).toEqual(sorted)

  const listed = ["0", ...sorted.filter((name) => name !== "a/b"), "c"].sort()
  const pairs = await collect(pairByName(entriesOf(listed), listNames(directory)))

  expect(pairs.map(({ name }) => name)).toEqual([...new Set([...listed, ...sorted])].sort())
  expect(pairs.filter(({ isThere }) => !isThere).map(({ name }) => name)).toEqual(["0", "c"])
  expect(pairs.filter(({ entry }) => !entry).map(({ name }) => name)).toEqual(["a/b"])

  const list = path.join(directory, "list")
  fs.writeFileSync(list, (await collect(entriesOf(listed))).map(lineOf).join(""))
  expect(await collect(readEntries(list))).toEqual(await collect(entriesOf(listed)))
})
