import { readdir, stat, symlink, unlink, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { aDirectory } from "../testing.ts"
import { openDeletedKeys } from "./deleted-keys.ts"

const MINUTE_MS = 60_000
const KEEP_MS = 30 * MINUTE_MS

let place: Awaited<ReturnType<typeof aDirectory>>
let time: number
beforeEach(async () => {
  place = await aDirectory()
  time = Date.UTC(2026, 10, 27)
})
afterEach(() => place.remove())

const openKeys = () =>
  openDeletedKeys(join(place.dir, "deleted"), { keepMs: KEEP_MS, now: () => new Date(time) })

async function filesOf(directory: string) {
  const names = (await readdir(directory)).sort()
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(directory, name))).size),
  )
  return { names, bytes: sizes.reduce((sum, size) => sum + size, 0) }
}
const files = () => filesOf(join(place.dir, "deleted"))

describe("the memory of deleted keys", () => {
  it("holds 100,000 keys in less than 4 MB, and frees those that are forgotten", async () => {
    const keys = await openKeys()
    const deleteMany = (round: number) =>
      Promise.all(Array.from({ length: 25_000 }, (_, n) => keys.add("b", `o/${round}-${n}`)))
    for (let round = 0; round < 4; round++) {
      await deleteMany(round)
      time += 7 * MINUTE_MS
    }
    expect(keys.has("b", "o/0-24999")).toBe(true)
    expect((await files()).bytes).toBeLessThan(4e6)

    for (let round = 4; round < 12; round++) {
      time += 10 * MINUTE_MS
      await keys.add("b", `o/${round}`)
    }
    expect((await files()).bytes).toBeLessThan(1_000)
    expect((await files()).names.length).toBeLessThan(4)
    expect(keys.has("b", "o/3-1")).toBe(false)
    await keys.close()
  })

  it("is complete after a start, with exact times, also where a crash cut a line", async () => {
    const before = await openKeys()
    await before.add("b", "old")
    time += 20 * MINUTE_MS
    await Promise.all([before.add("b", "young"), before.add("other", "old")])
    await before.close()
    const [, last = ""] = (await files()).names
    await writeFile(join(place.dir, "deleted", last), "\n17957", { flag: "a" })

    time += 10 * MINUTE_MS - 1
    const after = await openKeys()
    await after.add("b", "new")
    expect(["old", "young", "new", "never"].map((key) => after.has("b", key))).toEqual([
      true,
      true,
      true,
      false,
    ])
    time += 1
    expect(["old", "young"].map((key) => after.has("b", key))).toEqual([false, true])
    expect(after.has("other", "old")).toBe(true)
    await after.close()
    expect((await openKeys()).has("b", "new")).toBe(true)
  })

  it("counts from the last deletion of a key", async () => {
    const keys = await openKeys()
    await keys.add("b", "twice")
    time += 29 * MINUTE_MS
    await keys.add("b", "twice")
    time += 29 * MINUTE_MS
    await keys.close()
    expect([keys.has("b", "twice"), (await openKeys()).has("b", "twice")]).toEqual([true, true])
  })

  it.runIf(process.platform === "linux")(
    "takes deletions on a full disk, and writes them when there is room",
    async () => {
      const keys = await openKeys()
      const file = join(place.dir, "deleted", String(time))
      await symlink("/dev/full", file)

      await keys.add("b", "without room")
      await keys.add("b", "nor with this")
      expect(keys.has("b", "without room")).toBe(true)
      await unlink(file)
      time += 16 * MINUTE_MS
      await keys.add("b", "with room")
      await keys.close()

      const after = await openKeys()
      const all = ["without room", "nor with this", "with room"]
      expect(all.map((key) => after.has("b", key))).toEqual([true, true, true])
    },
  )
})
