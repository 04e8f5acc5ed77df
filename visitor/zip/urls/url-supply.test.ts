import { describe, expect, it } from "vitest"
import { MIB } from "#testing/units.ts"
import type { ArchiveFile } from "#visitor/zip/zip-job.ts"
import type { Claimed } from "./claim-urls.ts"
import { createUrlSupply } from "./url-supply.ts"

const someFiles = (count: number, size = 2 * MIB): ArchiveFile[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `${at}`,
    name: `${at}`,
    path: "",
    size,
    sha256: null,
    sha256Verified: false,
  }))

/** An app whose URLs are valid for a minute. The test advances its clock. */
function anApp(files: ArchiveFile[]) {
  const app = { now: 0, calls: [] as string[][], gone: new Set<string>() }
  const byId = new Map(files.map((file) => [file.id, file]))
  const claim = async (ids: string[]): Promise<Claimed | null> => {
    app.calls.push(ids)
    await Promise.resolve()
    const there = ids.filter((id) => !app.gone.has(id)).flatMap((id) => byId.get(id) ?? [])
    if (there.length === 0) return null
    return {
      files: there.map((file) => ({ ...file, url: `${file.id} #${app.calls.length}` })),
      until: app.now + 60,
    }
  }
  const claimed = { files: files.map((file) => ({ ...file, url: `${file.id} #0` })), until: 60 }
  const { addressOf, drop } = createUrlSupply(files, claimed, claim, () => app.now)
  const urlOf = async (id: string, refused?: string) => (await addressOf(id, refused))?.url ?? null
  return { app, urls: { urlOf, drop } }
}

describe("a supply of URLs", () => {
  it("uses the URLs of the claim until they expire", async () => {
    const { app, urls } = anApp(someFiles(1_000))
    for (let at = 0; at < 1_000; at++) expect(await urls.urlOf(`${at}`)).toBe(`${at} #0`)
    expect(app.calls).toEqual([])
  })

  it("mints for a thousand small files in a few calls, however many ask at once", async () => {
    const files = someFiles(1_000)
    const { app, urls } = anApp(files)
    app.now = 61
    const all = await Promise.all(files.map(({ id }) => urls.urlOf(id)))
    expect(new Set(all).size).toBe(1_000)
    expect(app.calls.map(({ length }) => length)).toEqual([200, 200, 200, 200, 200])
  })

  it("mints for large files one by one, and for none that is already fetched", async () => {
    const files = [...someFiles(3, 2 * 1024 * MIB)]
    const { app, urls } = anApp(files)
    urls.drop("1")
    app.now = 61
    await urls.urlOf("0")
    await urls.urlOf("2")
    expect(app.calls).toEqual([["0"], ["2"]])
  })

  it("mints once more for a refused URL, together with other refused ones", async () => {
    const { app, urls } = anApp(someFiles(3))
    const [first, second] = await Promise.all([urls.urlOf("0", "0 #0"), urls.urlOf("1", "1 #0")])
    expect([first, second]).toEqual(["0 #1", "1 #1"])
    expect(await urls.urlOf("2")).toBe("2 #1")
    expect(app.calls).toEqual([["0", "1", "2"]])
  })

  it("has none for a deleted file, and still has the others", async () => {
    const { app, urls } = anApp(someFiles(3))
    app.gone.add("1")
    app.now = 61
    expect(await urls.urlOf("0")).toBe("0 #1")
    expect(await urls.urlOf("1")).toBeNull()
    expect(await urls.urlOf("2")).toBe("2 #1")
  })

  it("returns a URL with a short lifetime, and does not mint forever", async () => {
    const { app, urls } = anApp(someFiles(1))
    app.now = 61
    const asked = urls.urlOf("0")
    app.now = 10_000
    expect(await asked).toBe("0 #1")
    expect(app.calls).toHaveLength(1)
  })
})
