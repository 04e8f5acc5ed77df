import type { Page } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { uploadFromDisk } from "../../files/large-file.ts"
import { randomFile, sha256OfFile } from "../../files/random-file.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import type { FileView, ShareView } from "../../member-client.ts"
import { type FaultyProxy, openFaultyProxy } from "../../network/faulty-proxy.ts"

const isHeavy = process.env.HEAVY === "1"
const SIZE = (isHeavy ? 1024 : 100) * MIB
/** The timeout of steps whose duration depends on the machine's throughput. */
const PATIENCE_MS = isHeavy ? 900_000 : 200_000
/** Slow enough that the URL expires during the download. */
const RATE = SIZE / 24
const RESUMABLE = "Resumable download"

type Fixtures = {
  storeProxy: FaultyProxy
  film: ReturnType<typeof randomFile>
  file: FileView
  share: ShareView
  visitor: Page
}

const test = ownInstallation.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  storeProxy: async ({}, use) => {
    const storeProxy = await openFaultyProxy()
    await use(storeProxy)
    await storeProxy.close()
  },
  settings: ({ storeProxy }, use) =>
    use({ S3_PUBLIC_ENDPOINT: storeProxy.url, MINT_TTL_SECONDS: "15" }),
  own: async ({ own, storeProxy }, use) => {
    storeProxy.forwardTo(own.storeUrl)
    await use(own)
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  film: async ({}, use) => {
    const film = randomFile("film.mov", SIZE)
    await use(film)
    film.remove()
  },
  file: async ({ member, film }, use) => use(await uploadFromDisk(member, "film.mov", film)),
  share: async ({ member, file }, use) => use(await member.shareFiles([file.id])),
  visitor: async ({ newPage, share }, use) => {
    const visitor = await newPage()
    await visitor.goto(share.url)
    await use(visitor)
  },
})

test.setTimeout(100_000 + PATIENCE_MS)
// A trace would contain every byte that the page reads.
if (isHeavy) test.use({ trace: "off" })

test("a large download survives a lost connection, an expired URL and a reload, as one claim with the right bytes", async ({
  visitor,
  storeProxy,
  film,
  member,
  share,
}) => {
  storeProxy.limitRate(RATE)
  const heap = watchHeap(visitor)
  await visitor.getByRole("button", { name: RESUMABLE }).click()
  await arrived(visitor, 20)

  storeProxy.disconnect()
  await expect(visitor.getByText(/resumes automatically/).first()).toBeVisible({ timeout: 40_000 })
  storeProxy.reconnect()
  await arrived(visitor, 45)

  await visitor.reload()
  await expect(visitor.getByText("Paused.", { exact: true }).first()).toBeVisible()
  const before = storeProxy.gets.reduce((sum, { sent }) => sum + sent, 0)
  expect(await percent(visitor), "what was shown is still there").toBeGreaterThanOrEqual(45)
  const saved = visitor.waitForEvent("download", { timeout: PATIENCE_MS })
  await visitor.getByRole("button", { name: "Resume" }).click()
  const download = await saved

  await expect(visitor.getByText(/Complete and verified/).first()).toBeVisible()
  await expect(visitor.getByText(film.sha256).filter({ visible: true })).toBeVisible()
  expect(download.suggestedFilename()).toBe("film.mov")
  expect(await sha256OfFile(await download.path())).toBe(film.sha256)
  const after = storeProxy.gets.reduce((sum, { sent }) => sum + sent, 0) - before
  expect(after, "what had arrived is not fetched again").toBeLessThan(SIZE * 0.56)
  expect(new Set(storeProxy.gets.map(({ status }) => status))).toEqual(new Set([206]))
  expect(new Set(storeProxy.gets.map(({ address }) => address)).size).toBeGreaterThan(1)
  await expectClaims(member, share, 1)
  expect(await heap(), "the page holds a few ranges at most").toBeLessThan(80 * MIB)
})

test("a download continues with new URLs while the file is cut off repeatedly", async ({
  own,
  visitor,
  storeProxy,
  film,
  file,
  member,
  share,
}) => {
  storeProxy.limitRate(SIZE / 20)
  const saved = visitor.waitForEvent("download", { timeout: PATIENCE_MS })
  await visitor.getByRole("button", { name: RESUMABLE }).click()
  // Two more cut offs by tag, then one by key.
  for (const part of [15, 35, 55]) {
    await arrived(visitor, part)
    expect((await member.post(`/files/${file.id}/cut-off`)).status()).toBe(202)
    const unfinished = () => own.query("SELECT 1 FROM cut_off WHERE done_at IS NULL")
    await expect.poll(unfinished, { timeout: 60_000 }).toEqual([])
  }
  const hows = await own.query<{ how: string }>("SELECT how FROM cut_off_file ORDER BY done_at")
  expect(hows.map(({ how }) => how).slice(0, 2)).toEqual(["recoloured", "recoloured"])
  const download = await saved
  await expect(visitor.getByText(/Complete and verified/).first()).toBeVisible()
  expect(await sha256OfFile(await download.path())).toBe(film.sha256)
  await expectClaims(member, share, 1)
})

test("a paused download continues after a reload, in one tab at a time", async ({
  visitor,
  storeProxy,
  film,
  member,
  share,
}) => {
  storeProxy.limitRate(SIZE / 10)
  await visitor.getByRole("button", { name: RESUMABLE }).click()
  await arrived(visitor, 40)
  await visitor.getByRole("button", { name: "Pause" }).click()
  await expect(visitor.getByText("Paused.", { exact: true }).first()).toBeVisible()
  await visitor.reload()
  expect(await percent(visitor)).toBeGreaterThanOrEqual(40)
  storeProxy.limitRate(SIZE / 10)
  const saved = visitor.waitForEvent("download", { timeout: PATIENCE_MS })
  await visitor.getByRole("button", { name: "Resume" }).click()
  await arrived(visitor, 50)

  const other = await visitor.context().newPage()
  await other.goto(share.url)
  await other.getByRole("button", { name: "Resume" }).click()
  await expect(other.getByText("This download is running in another tab.").first()).toBeVisible()
  await other.close()

  await expect(visitor.getByText(/Complete and verified/).first()).toBeVisible({
    timeout: PATIENCE_MS,
  })
  expect(await sha256OfFile(await (await saved).path())).toBe(film.sha256)
  await expectClaims(member, share, 1)
  await visitor.getByRole("button", { name: "Close" }).click()
  await expect(visitor.getByRole("progressbar")).toHaveCount(0)
})

test("a cancelled download leaves nothing, and the page of a closed link says so", async ({
  visitor,
  storeProxy,
  member,
  share,
}) => {
  storeProxy.limitRate(SIZE / 20)
  await visitor.getByRole("button", { name: RESUMABLE }).click()
  await arrived(visitor, 10)
  await visitor.getByRole("button", { name: "Cancel" }).click()
  await expect(visitor.getByRole("progressbar")).toHaveCount(0)
  expect(await privateFiles(visitor)).toEqual([])
  await visitor.reload()
  await expect(visitor.getByRole("progressbar")).toHaveCount(0)

  await visitor.getByRole("button", { name: RESUMABLE }).click()
  await arrived(visitor, 10)
  await visitor.getByRole("button", { name: "Pause" }).click()
  await member.post(`/shares/${share.id}/revoke`)
  await visitor.getByRole("button", { name: "Resume" }).click()
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible({
    timeout: 60_000,
  })
})

test("on plain http the page says why, and the ordinary download is there without a script too", async ({
  newPage,
  share,
}) => {
  const insecure = await newPage()
  await insecure.addInitScript(() => {
    Object.defineProperty(window, "isSecureContext", { value: false })
  })
  await insecure.goto(share.url)
  await expect(insecure.getByText(/require HTTPS/)).toBeVisible()
  await expect(insecure.getByRole("button", { name: RESUMABLE })).toHaveCount(0)
  await expect(insecure.getByRole("button", { name: /^Download/ })).toBeVisible()

  const plain = await newPage({ javaScriptEnabled: false })
  await plain.goto(share.url)
  const started = plain.waitForEvent("download")
  await plain.getByRole("button", { name: /^Download/ }).click()
  await (await started).cancel()
})

const bar = (page: Page) => page.getByRole("progressbar").first()

const percent = async (page: Page) => Number(await bar(page).getAttribute("aria-valuenow"))

const arrived = (page: Page, part: number) =>
  expect.poll(() => percent(page), { timeout: PATIENCE_MS }).toBeGreaterThanOrEqual(part)

async function expectClaims(
  member: { get: (path: string) => Promise<{ json(): Promise<unknown> }> },
  share: ShareView,
  count: number,
) {
  const now = await (await member.get(`/shares/${share.id}`)).json()
  expect(now).toMatchObject({ downloads: count })
}

/** The peak heap size of the page's scripts, including buffers. */
function watchHeap(page: Page) {
  let largest = 0
  let isWatching = true
  const watching = (async () => {
    const session = await page.context().newCDPSession(page)
    await session.send("Performance.enable")
    while (isWatching) {
      const usage = await session.send("Runtime.getHeapUsage").catch(() => null)
      if (usage) largest = Math.max(largest, usage.usedSize + Number(usage.backingStorageSize ?? 0))
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
    await session.detach().catch(() => {})
  })()
  return async () => {
    isWatching = false
    await watching
    console.log(`heap: ${(largest / MIB).toFixed(1)} MiB`)
    return largest
  }
}

const privateFiles = (page: Page) =>
  page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const folder = await root.getDirectoryHandle("downloads", { create: true })
    const names: string[] = []
    for await (const name of (folder as unknown as { keys(): AsyncIterable<string> }).keys())
      names.push(name)
    return names
  })
