import { afterEach, expect, it, vi } from "vitest"
import { savedInMemory } from "../testing.ts"
import { removeLeftovers, type SavedDownload } from "./saved-downloads.ts"

const DAY = 24 * 3_600_000
const NOW = Date.UTC(2026, 10, 25)

/** A private storage with these files in its folder of downloads. */
function aPrivateStorage(names: string[]) {
  const files = new Set(names)
  const folder = {
    async *keys() {
      yield* Array.from(files)
    },
    async removeEntry(name: string) {
      files.delete(name)
    },
  }
  const storage = { getDirectory: async () => ({ getDirectoryHandle: async () => folder }) }
  vi.stubGlobal("navigator", { storage })
  return files
}
afterEach(() => void vi.unstubAllGlobals())

async function aRecord(
  saved: ReturnType<typeof savedInMemory>,
  name: string,
  more: Partial<SavedDownload>,
) {
  await saved.save({
    file: { key: name, name, size: 1, sha256: null },
    target: { name },
    spans: [],
    etag: null,
    path: null,
    savedAt: NOW,
    isComplete: false,
    ...more,
  })
}

it("deletes what is old, complete or unknown, and nothing that a tab works on", async () => {
  const files = aPrivateStorage(["fresh", "old", "copied", "copying"])
  const saved = savedInMemory()
  await aRecord(saved, "fresh", { savedAt: NOW - 6 * DAY })
  await aRecord(saved, "old", { savedAt: NOW - 8 * DAY })
  await aRecord(saved, "held", { savedAt: NOW - 8 * DAY })
  await aRecord(saved, "copied", { savedAt: NOW - DAY, isComplete: true })
  await aRecord(saved, "copying", { savedAt: NOW - 60_000, isComplete: true })
  files.add("held").add("of a tab that has no record yet")

  await removeLeftovers({ saved, held: new Set(["held"]), now: NOW })
  expect(Array.from(saved.records.keys()).toSorted()).toEqual(["copying", "fresh", "held"])
  expect(Array.from(files).toSorted()).toEqual([
    "copying",
    "fresh",
    "held",
    "of a tab that has no record yet",
  ])

  await removeLeftovers({ saved, held: new Set(), now: NOW })
  expect(Array.from(files).toSorted()).toEqual(["copying", "fresh"])
})

it("forgets a download of an earlier version into a file that the reader picked, which stays", async () => {
  const files = aPrivateStorage([])
  const saved = savedInMemory()
  const remove = vi.fn()
  const target = { kind: "picked", handle: { remove } } as unknown as SavedDownload["target"]
  await aRecord(saved, "picked", { target })

  await removeLeftovers({ saved, held: new Set(), now: NOW })
  expect(saved.records.size).toBe(0)
  expect(remove).not.toHaveBeenCalled()
  expect(files.size).toBe(0)
})
