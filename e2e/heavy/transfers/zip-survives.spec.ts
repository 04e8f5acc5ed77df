import { randomBytes } from "node:crypto"
import type { Page } from "@playwright/test"
import { sha256Of } from "../../files/random-file.ts"
import { unpack } from "../../files/unpack.ts"
import { uploadFiles } from "../../files/upload-files.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import { type DownloadProxy, openDownloadProxy } from "../../network/download-proxy.ts"
import { downloadBy } from "../../network/send-click.ts"

const MB = 1_000_000

const test = ownInstallation.extend<{ line: DownloadProxy }>({
  line: async ({ browserName: _ }, use) => {
    const line = await openDownloadProxy()
    await use(line)
    await line.close()
  },
  settings: async ({ line }, use) => use({ S3_PUBLIC_ENDPOINT: line.url }),
  member: async ({ line, own, member }, use) => {
    line.forwardTo(own.storeUrl)
    await use(member)
  },
})

const panelOf = (page: Page) => page.locator("[data-zip-panel]")

test("a ZIP survives a lost connection, an expired URL and damaged bytes, and names the missing file", async ({
  line,
  member,
  newPage,
}, testInfo) => {
  test.setTimeout(180_000)
  const sizes = {
    "cut.bin": 12 * MB,
    "small-cut.bin": 2 * MB,
    "lapsed.bin": 11 * MB,
    "small-lapsed.bin": 1 * MB,
    "gone.bin": 1 * MB,
    "large-gone.bin": 10 * MB,
    "damaged.bin": 1 * MB,
    "large-damaged.bin": 10 * MB,
    "after.bin": 10_000,
  }
  const bytes = new Map(Object.entries(sizes).map(([name, size]) => [name, randomBytes(size)]))
  const ids = await uploadFiles(
    member,
    Array.from(bytes, ([name, bytes]) => ({ name, bytes, path: "deep", sha256: sha256Of(bytes) })),
  )
  const share = await member.shareFiles(ids, { title: "Films", maxDownloads: 1 })
  for (const [name, fault] of [
    ["cut.bin", { cutAfter: 9 * MB }],
    ["small-cut.bin", { cutAfter: 1 * MB }],
    ["lapsed.bin", { lapsed: true }],
    ["small-lapsed.bin", { lapsed: true }],
    ["gone.bin", { status: 500 }],
    ["large-gone.bin", { status: 500 }],
    ["damaged.bin", { damaged: true }],
    ["large-damaged.bin", { damaged: true }],
  ] as const)
    line.faults.set(name, fault)

  const page = await newPage()
  await page.goto(share.url)
  const download = await downloadBy(page, /^Download all/)
  const archive = await download.path()

  await expect(panelOf(page)).toContainText(
    "6 files are in Films.zip. 3 files couldn’t be downloaded",
  )
  const missing = ["gone.bin", "large-gone.bin", "damaged.bin"]
  const named = await panelOf(page).getByRole("listitem").allTextContents()
  expect(named.toSorted()).toEqual(missing.map((name) => `deep/${name}`).toSorted())
  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  const report = unpacked.get("LAPSE.txt")?.toString() ?? ""
  unpacked.delete("LAPSE.txt")
  const wanted = [...bytes].filter(([name]) => !missing.includes(name))
  expect([...unpacked.keys()].toSorted()).toEqual(wanted.map(([name]) => `deep/${name}`).toSorted())
  // These bytes were not compared at upload, so they may be what the sender sent.
  const altered = unpacked.get("deep/large-damaged.bin") ?? Buffer.of()
  expect(report).toContain(`browser reported during the upload:\n\n${sha256Of(altered)}  `)
  altered[0] = (altered[0] ?? 0) ^ 1
  for (const [name, content] of wanted) {
    expect(unpacked.get(`deep/${name}`)?.equals(content), name).toBe(true)
    if (name !== "large-damaged.bin")
      expect(report).toContain(`${sha256Of(content)}  deep/${name}\n`)
  }
  for (const name of missing) {
    expect(report).toContain(`- deep/${name}\n`)
    expect(report).not.toContain(`  deep/${name}\n`)
  }
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("a ZIP is paused, resumed and cancelled, and stays one claim", async ({
  line,
  member,
  newPage,
}, testInfo) => {
  test.setTimeout(180_000)
  const content = [randomBytes(20 * MB), randomBytes(15 * MB)]
  const ids = await uploadFiles(
    member,
    content.map((bytes, at) => ({ name: `film ${at}.mov`, bytes })),
  )
  const share = await member.shareFiles(ids, { title: "Films", maxDownloads: 1 })
  const page = await newPage()
  await page.goto(share.url)
  line.limitRate(4 * MB)

  const download = await downloadBy(page, /^Download all/)
  await expect(panelOf(page).getByText(/ of 35 MB · .*\/s · .* left$/)).toBeVisible()
  await expect(page.getByRole("button", { name: /^Download all/ })).toBeDisabled()
  await page.getByRole("button", { name: "Pause" }).click()
  await expect(panelOf(page).getByText(/ · Paused$/)).toBeVisible()
  // Requests in progress still arrive, and no further ones.
  await expect
    .poll(
      async () => {
        const before = line.sentBytes()
        await page.waitForTimeout(700)
        return line.sentBytes() - before
      },
      { timeout: 30_000 },
    )
    .toBe(0)
  expect(line.sentBytes()).toBeLessThan(35 * MB)
  line.limitRate(null)
  await page.getByRole("button", { name: "Resume" }).click()
  const archive = await download.path()
  await expect(panelOf(page)).toContainText("All 2 files are in Films.zip.")
  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  for (const [at, bytes] of content.entries())
    expect(unpacked.get(`film ${at}.mov`)?.equals(bytes)).toBe(true)

  line.limitRate(4 * MB)
  const second = await downloadBy(page, /^Download all/)
  await expect(panelOf(page).getByText(/\/s/)).toBeVisible()
  await page.getByRole("button", { name: "Cancel" }).click()
  await expect(panelOf(page)).toHaveText("Cancelled.")
  expect(await second.failure()).not.toBeNull()
  await expect(page.getByRole("button", { name: /^Download all/ })).toBeFocused()
  // The result of a finished ZIP disappears with the next download.
  await downloadBy(page, /^Download film 0/)
  await expect(page.getByText(/^Download started\./)).toBeVisible()
  await expect(panelOf(page)).toBeEmpty()
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("a ZIP whose link is closed meanwhile fails, and the page says why", async ({
  line,
  member,
  newPage,
}) => {
  const files = ["one", "two"].map((name) => ({ name, bytes: randomBytes(20 * MB) }))
  const ids = await uploadFiles(member, files)
  const share = await member.shareFiles(ids)
  const page = await newPage()
  await page.goto(share.url)
  line.limitRate(3 * MB)
  const download = await downloadBy(page, /^Download all/)
  await expect(panelOf(page).getByText(/\/s/)).toBeVisible()

  await member.post(`/shares/${share.id}/revoke`, { cutOff: true })
  // A running transfer is not stopped: the next URL is refused.
  line.cut()

  expect(await download.failure()).not.toBeNull()
  await expect(page.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
})

test("a ZIP fails when the browser ends its worker, and is not treated as complete", async ({
  line,
  member,
  newPage,
}) => {
  const ids = await uploadFiles(member, [
    { name: "one", bytes: randomBytes(20 * MB) },
    { name: "two", bytes: randomBytes(1 * MB) },
  ])
  const share = await member.shareFiles(ids)
  const page = await newPage()
  await page.goto(share.url)
  line.limitRate(3 * MB)
  const download = await downloadBy(page, /^Download all/)
  await expect(panelOf(page).getByText(/\/s/)).toBeVisible()

  const session = await page.context().newCDPSession(page)
  await session.send("ServiceWorker.enable")
  await session.send("ServiceWorker.stopAllWorkers")

  expect(await download.failure()).not.toBeNull()
})
