import type { Page } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { uploadLarge } from "../files/large-file.ts"
import { expect, test } from "../fixtures.ts"

/** The smallest size that is offered. */
const SIZE = 64 * MIB
const HELD_FROM = 24 * MIB

test("a resumable download shows after a reload what it showed before, and fetches the rest alone", async ({
  installation,
  owner,
  visitor,
}) => {
  const file = await uploadLarge(owner, "film.mov", SIZE)
  const share = await owner.shareFiles([file.id])
  // Ranges behind the first ones are held, as on a line that has stalled.
  let isHeld = true
  let fetched = 0
  await visitor.route(`${installation.storeUrl}/**`, async (route) => {
    const [, from = "", to = ""] =
      /bytes=(\d+)-(\d+)/.exec(route.request().headers().range ?? "") ?? []
    if (route.request().method() !== "GET") return route.continue()
    if (isHeld && Number(from) >= HELD_FROM) return
    fetched += Number(to) + 1 - Number(from)
    await route.continue().catch(() => {})
  })
  await visitor.goto(share.url)
  await visitor.getByRole("button", { name: "Resumable download" }).click()
  const amount = visitor.getByText(/MB of 67\.1 MB/)
  await expect(amount).toHaveText(/^25\.2 MB of 67\.1 MB/, { timeout: 20_000 })
  expect(fetched).toBe(HELD_FROM)

  await visitor.reload()
  await expect(visitor.getByText("Paused.", { exact: true }).first()).toBeVisible()
  await expect(amount).toHaveText("25.2 MB of 67.1 MB")
  isHeld = false
  fetched = 0
  const saved = visitor.waitForEvent("download")
  await visitor.getByRole("button", { name: "Resume" }).click()
  await (await saved).path()
  expect(fetched).toBe(SIZE - HELD_FROM)
  expect(await kept(visitor)).toEqual([{ from: 0, to: SIZE }])
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

/** The bytes that the browser has recorded. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open("lapse-downloads")
      opening.onsuccess = () => resolve(opening.result)
    })
    const [record] = await new Promise<{ spans: { from: number; to: number }[] }[]>((resolve) => {
      const reading = database.transaction("downloads").objectStore("downloads").getAll()
      reading.onsuccess = () => resolve(reading.result)
    })
    database.close()
    return record?.spans
  })

test("where private storage has no room the ordinary download starts, and the page says so", async ({
  owner,
  visitor,
}) => {
  const file = await uploadLarge(owner, "film.mov", SIZE)
  const share = await owner.shareFiles([file.id])
  await visitor.addInitScript(() => {
    navigator.storage.estimate = async () => ({ quota: 1024, usage: 0 })
  })
  await visitor.goto(share.url)
  const started = visitor.waitForEvent("download")
  await visitor.getByRole("button", { name: "Resumable download" }).click()
  await (await started).cancel()
  await expect(visitor.getByText(/can’t store a resumable download/)).toBeVisible()
})
