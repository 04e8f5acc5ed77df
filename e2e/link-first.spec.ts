import fs from "node:fs"
import { dropFiles, untilReady } from "./drop-files.ts"
import { expect, test } from "./fixtures.ts"
import { holdUploads } from "./held-uploads.ts"
import { pollNow } from "./poll-now.ts"
import { downloadBy } from "./send-click.ts"
import { aFile, chooseFiles, closeDrop, newestLink } from "./share-a-file.ts"

test("a link is sent while its file is still uploading, and its page shows when it is ready", async ({
  installation,
  ownerPage: page,
  owner,
  visitor,
  plainVisitor,
}) => {
  await page.goto("/shares")
  const letGo = await holdUploads(page, installation, "the whole film".length)
  await chooseFiles(page, [aFile("notes.pdf"), aFile("film.mov", "the whole film")])
  const link = await newestLink(page)
  await expect(page.getByText("Your link has it already.")).toBeVisible()

  for (const each of [visitor, plainVisitor]) {
    await each.goto(link)
    await expect(each.getByText(/^1 more file is still on its way/)).toBeVisible()
    const film = each.getByRole("listitem").filter({ hasText: "film.mov" })
    await expect(film).toContainText("Still on its way")
    await expect(film.getByRole("button")).toHaveCount(0)
  }
  const ready = await downloadBy(visitor, "Download the one that is ready")
  expect(ready.suggestedFilename()).toBe("notes.pdf")

  letGo()
  await expect(page.getByText("All stored, and in your link.")).toBeVisible()
  const film = await downloadBy(visitor, "Download film.mov")
  expect(fs.readFileSync(await film.path(), "utf8")).toBe("the whole film")
  await plainVisitor.getByRole("link", { name: "Look again" }).click()
  await expect(plainVisitor.getByRole("button", { name: "Download film.mov" })).toBeVisible()
  await expect(plainVisitor.getByText(/on its way/)).toHaveCount(0)

  // Neither the page's background requests nor a second visit is a view; the film used the same
  // claim.
  const { items } = await (await owner.get("/shares?q=film.mov")).json()
  expect(items[0]).toMatchObject({ views: 2, downloads: 1, fileCount: 2, arrivingFileCount: 0 })
})

test("a link created at once also contains queued files", async ({
  installation,
  ownerPage: page,
  owner,
}) => {
  await page.goto("/shares")
  const letGo = await holdUploads(page, installation)
  await chooseFiles(
    page,
    Array.from({ length: 20 }, (_, at) => aFile(`reel ${at}.mov`)),
  )
  await newestLink(page)
  await expect(page.getByText("Your link has them already.")).toContainText("all 20 are stored")
  letGo()

  await expect(page.getByText("All stored, and in your link.")).toBeVisible()
  const { items } = await (await owner.get("/shares?q=reel 0.mov")).json()
  expect(items[0]).toMatchObject({ fileCount: 20, arrivingFileCount: 0, abandonedFileCount: 0 })
  await closeDrop(page)
})

test("a large folder has its link with its first files, and the visitor's page shows the others as they follow", async ({
  installation,
  join,
  browse,
  visitor,
}) => {
  /** More than one call of the app takes. */
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
  await expect.poll(async () => (await latest()).fileCount).toBe(count)
  await pollNow(visitor)
  await expect(shown(count)).toBeVisible()
  expect(await newestLink(page)).toBe(link)
  await expect(page.getByText("Your link has them already.")).toContainText(`all ${count}`)
})

test("visitor and owner read that an upload was abandoned", async ({
  installation,
  ownerPage: page,
  owner,
  visitor,
}) => {
  await page.goto("/shares")
  await holdUploads(page, installation)
  await chooseFiles(page, [aFile("never.mov")])
  const link = await newestLink(page)
  await visitor.goto(link)
  await expect(visitor.getByText(/^The file is still on its way/)).toBeVisible()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toHaveCount(0)

  const { items } = await (await owner.get("/shares?q=never.mov")).json()
  await page.getByRole("button", { name: "Cancel never.mov" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Give it up" }).click()
  await expect(async () => {
    await pollNow(visitor)
    const sentence = visitor.getByText(/^The file was given up by Nora North/)
    await expect(sentence).toBeVisible({ timeout: 1_000 })
  }).toPass({ timeout: 20_000 })
  await page.goto(`/shares/${items[0].id}`)
  await expect(page.getByText("1 upload was given up.")).toBeVisible()
  const click = await visitor.request.post(`${link}/d/${items[0].files[0].id}`, {
    headers: { Accept: "application/json" },
  })
  expect(click.status()).toBe(410)
  expect((await click.json()).title).toContain("gave this file up")
})
