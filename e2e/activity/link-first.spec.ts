import fs from "node:fs"
import { dropFiles, untilReady } from "../files/drop-files.ts"
import { aFile, chooseFiles, newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { holdUploads } from "../network/held-uploads.ts"
import { pollNow } from "../network/poll-now.ts"
import { downloadBy } from "../network/send-click.ts"

test("a link is sent while its file is still uploading, and its page shows when it is ready", async ({
  installation,
  ownerPage: page,
  owner,
  visitor,
  plainVisitor,
}) => {
  await page.goto("/shares")
  const letGo = await holdUploads(page, installation, "the whole film".length)
  await chooseFiles(page, [aFile("crew.pdf"), aFile("regatta.mov", "the whole film")])
  const link = await newestLink(page)
  await expect(page.getByText("You can send the link now.")).toBeVisible()

  for (const each of [visitor, plainVisitor]) {
    await each.goto(link)
    await expect(each.getByText(/^1 more file is still uploading/)).toBeVisible()
    const film = each.getByRole("listitem").filter({ hasText: "regatta.mov" })
    await expect(film).toContainText("Still uploading")
    await expect(film.getByRole("button")).toHaveCount(0)
  }
  const ready = await downloadBy(visitor, "Download 1 ready file")
  expect(ready.suggestedFilename()).toBe("crew.pdf")

  letGo()
  await expect(page.getByText("Upload complete")).toBeVisible()
  const film = await downloadBy(visitor, "Download regatta.mov")
  expect(fs.readFileSync(await film.path(), "utf8")).toBe("the whole film")
  await plainVisitor.getByRole("link", { name: "Refresh" }).click()
  await expect(plainVisitor.getByRole("button", { name: "Download regatta.mov" })).toBeVisible()
  await expect(plainVisitor.getByText(/still uploading/i)).toHaveCount(0)

  // Neither the page's background requests nor a second visit is a view; the video used the same
  // claim.
  const { items } = await (await owner.get("/shares?q=regatta.mov")).json()
  expect(items[0]).toMatchObject({ views: 2, downloads: 1, fileCount: 2, arrivingFileCount: 0 })
})

test("visitor and owner read that an upload was cancelled; the visitor also that one is paused, that it goes on, and that its tab was closed", async ({
  installation,
  ownerPage: page,
  owner,
  visitor,
  plainVisitor,
}) => {
  await page.goto("/shares")
  const letGo = await holdUploads(page, installation)
  await chooseFiles(page, [aFile("never.mov")])
  const cancelled = await newestLink(page)
  await visitor.goto(cancelled)
  await expect(visitor.getByText(/^The file is still uploading/)).toBeVisible()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toHaveCount(0)

  const { items } = await (await owner.get("/shares?q=never.mov")).json()
  await page.getByRole("button", { name: "Cancel never.mov" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel upload" }).click()
  await expect(async () => {
    await pollNow(visitor)
    const sentence = visitor.getByText(/^Nora North cancelled the upload of this file/)
    await expect(sentence).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
  await page.goto(`/shares/${items[0].id}`)
  await expect(page.getByText("1 upload was cancelled.")).toBeVisible()
  const clicked = await visitor.request.post(`${cancelled}/d/${items[0].files[0].id}`, {
    headers: { Accept: "application/json" },
  })
  expect(clicked.status()).toBe(410)
  expect((await clicked.json()).title).toContain("cancelled the upload of this file")
  letGo()
  await page.unroute(`${installation.storeUrl}/**`)

  await page.goto("/shares")
  const held: (() => void)[] = []
  await page.route(`${installation.storeUrl}/**`, async (route) => {
    if (route.request().method() === "PUT") await new Promise<void>((pass) => held.push(pass))
    await route.continue().catch(() => {})
  })
  await chooseFiles(page, [aFile("harbour.mov", "x".repeat(17 * 1024 ** 2))])
  const link = await newestLink(page)
  await visitor.goto(link)
  await expect(visitor.getByText(/^The file is still uploading/)).toBeVisible()

  /** Waits for a heartbeat, and lets 15 seconds pass without another. */
  const fallSilent = () =>
    expect
      .poll(async () => {
        const aged = await installation.query(
          `UPDATE file SET heartbeat_at = heartbeat_at - interval '15 seconds'
          WHERE name = 'harbour.mov' AND heartbeat_at > now() - interval '15 seconds' RETURNING id`,
        )
        return aged.length
      })
      .toBe(1)
  const film = visitor.getByRole("listitem").filter({ hasText: "harbour.mov" })
  await fallSilent()
  await pollNow(visitor)
  await expect(visitor.getByText(/^Waiting for Nora North: 1 file to go/)).toBeVisible()
  await expect(film).toContainText("Not sent yet")
  const state = await (await visitor.request.get(`${link}/state`)).json()
  expect(state).toMatchObject({ status: "open", files: [{ status: "uploading", isPaused: true }] })

  held.shift()?.()
  await expect(async () => {
    await pollNow(visitor)
    await expect(film).toContainText("Still uploading", { timeout: 500 })
  }).toPass({ timeout: 15_000 })

  await page.close()
  await fallSilent()
  await pollNow(visitor)
  await expect(film).toContainText("Not sent yet")
  await plainVisitor.goto(link)
  await expect(plainVisitor.getByText(/^Waiting for Nora North: 1 file to go/)).toBeVisible()
})

test("a large folder has its link with its first files, and the visitor's page shows the others as they follow", async ({
  installation,
  join,
  browse,
  visitor,
}) => {
  /** More than one call of the app accepts. */
  const count = 501
  const member = await join("Fia Forest")
  const latest = async () => (await (await member.get("/shares?limit=1")).json()).items[0]
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/shares")
  await untilReady(page)
  await holdUploads(page, installation)
  const { promise: gate, resolve: letFollow } = Promise.withResolvers<void>()
  let calls = 0
  await page.route("**/api/v1/files/batch", async (route) => {
    calls += 1
    if (calls > 1) await gate
    await route.continue()
  })
  await dropFiles(
    page,
    Array.from({ length: count }, (_, at) => ({ name: `leaf ${at}.txt`, text: `leaf ${at}` })),
  )
  const link = await newestLink(page)
  const { fileCount: first } = await latest()
  expect(first).toBeGreaterThan(0)
  expect(first).toBeLessThan(count)
  await visitor.goto(link)
  const shown = (files: number) =>
    visitor.locator("#files").getByRole("heading", { name: new RegExp(`^${files} files`) })
  await expect(shown(first)).toBeVisible()

  letFollow()
  await expect.poll(async () => (await latest()).fileCount, { timeout: 30_000 }).toBe(count)
  await pollNow(visitor)
  await expect(shown(count)).toBeVisible()
  expect(await newestLink(page)).toBe(link)
  await expect(page.getByText("You can send the link now.")).toContainText(`all ${count}`)
})

test("files whose records come while their link is created are added to it", async ({
  installation,
  owner,
  ownerPage: page,
}) => {
  /** More than one call of the app accepts. */
  const count = 501
  await page.goto("/shares")
  await untilReady(page)
  await holdUploads(page, installation) // afterwards no file changes
  const asked = Promise.withResolvers<void>()
  const recorded = Promise.withResolvers<void>()
  let records = 0
  await page.route("**/api/v1/files/batch", async (route) => {
    if (records > 0) await asked.promise
    const response = await route.fetch()
    await route.fulfill({ response })
    records += (await response.json()).items.length
    if (records === count) recorded.resolve()
  })
  await page.route("**/api/v1/shares", async (route) => {
    if (route.request().method() !== "POST") return route.continue()
    asked.resolve()
    const response = await route.fetch()
    await recorded.promise
    await page.waitForTimeout(500) // the page takes the last records
    await route.fulfill({ response })
  })
  await dropFiles(
    page,
    Array.from({ length: count }, (_, at) => ({ name: `late ${at}.txt`, text: `late ${at}` })),
  )
  await newestLink(page)
  const latest = async () => (await (await owner.get("/shares?q=late%20")).json()).items[0]
  await expect.poll(async () => (await latest()).fileCount, { timeout: 20_000 }).toBe(count)
})
