import { type Page, request } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { expectPlaying, play, playerIn, shareContents, viewerOf } from "../browser/look-at.ts"
import { fixture, png } from "../files/make-files.ts"
import { pdf } from "../files/make-pdf.ts"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"
import { downloadBy } from "../network/send-click.ts"

const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true })

/** Presses the row's link again as long as the page's scripts have not run: then it downloads. */
const openFile = (page: Page, name: string) =>
  expect(async () => {
    if ((await viewerOf(page).count()) === 0) await link(page, name).click({ timeout: 2_000 })
    await expect(viewerOf(page)).toHaveAccessibleName(name, { timeout: 2_000 })
  }).toPass()

test("a member opens own files from their rows, by mouse and by keyboard, and Escape returns to the row", async ({
  join,
  browse,
  installation,
}) => {
  const owner = await join("Olga Own")
  const page = await browse({ storageState: await owner.context.storageState() })
  const kinds: [string, Buffer | string, string][] = [
    ["plan.pdf", pdf("The plan"), "application/pdf"],
    ["harbour.png", png(640, 400), "image/png"],
    ["film.mp4", fixture("film.mp4"), "video/mp4"],
    ["minutes.txt", "Present: all", "text/plain"],
    ["all.zip", "PK", "application/zip"],
  ]
  const share = await shareContents(owner, kinds)
  await page.goto("/files")

  const viewer = viewerOf(page)
  await openFile(page, "harbour.png")
  const picture = viewer.getByRole("img", { name: "harbour.png" })
  await expect(picture).toHaveJSProperty("naturalWidth", 640)
  await expect(viewer.locator(".viewer-watermark")).toHaveCount(0)
  await expectNoViolations(page, "a member's own picture")
  await page.keyboard.press("Escape")
  await expect(viewer).toHaveCount(0)
  await expect(link(page, "harbour.png")).toBeFocused()
  expect(new URL(page.url()).hash).toBe("")

  await link(page, "minutes.txt").press("Enter")
  await expect(viewer.getByText("Present: all")).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(link(page, "minutes.txt")).toBeFocused()

  await page.getByRole("button", { name: "More actions for film.mp4" }).click()
  await page.getByRole("menuitem", { name: "Open" }).click()
  const player = playerIn(viewer)
  await play(player)
  await expectPlaying(player, 0.1)
  await page.goBack()
  await expect(viewer).toHaveCount(0)

  await link(page, "plan.pdf").click()
  await expect(
    viewer.locator("iframe[title='plan.pdf']").or(viewer.locator(".viewer-message")),
  ).toBeVisible()
  await viewer.getByRole("button", { name: "Close" }).click()
  await link(page, "all.zip").click()
  await expect(viewer.locator(".viewer-message")).toContainText(
    "This file type can’t be previewed.",
  )
  const saved = page.waitForEvent("download")
  await viewer.getByRole("link", { name: "Download" }).click()
  expect((await saved).suggestedFilename()).toBe("all.zip")
  await page.keyboard.press("Escape")

  await page.goto("/settings")
  await page.goto(`/files#look-${share.files.find(({ name }) => name === "minutes.txt")?.id}`)
  await expect(viewer).toHaveAccessibleName("minutes.txt")
  await page.keyboard.press("Escape")

  expect(await owner.readShare(share.id)).toMatchObject({ previews: 0, downloads: 0, views: 0 })
  const looks = await installation.query<{ name: string }>(
    `SELECT details->>'name' AS name FROM audit_entry WHERE action = 'file.view'
       AND actor LIKE 'Olga Own%' ORDER BY 1`,
  )
  expect(looks.map(({ name }) => name)).toEqual(
    ["film.mp4", "harbour.png", "minutes.txt"].concat(
      looks.some(({ name }) => name === "plan.pdf") ? ["plan.pdf"] : [],
    ),
  )
})

test("files of a share and of a request open on their pages; what is held or deleted does not", async ({
  join,
  browse,
  installation,
}) => {
  const owner = await join("Hedda Held")
  const page = await browse({ storageState: await owner.context.storageState() })
  const share = await shareContents(owner, [
    ["pier.png", png(320, 200), "image/png"],
    ["virus.png", png(320, 200), "image/png"],
  ])
  await installation.query(
    `UPDATE file SET status = 'held', held_for = 'Eicar', unchecked_since = ready_at, ready_at = NULL
     WHERE id = $1`,
    [share.files.find(({ name }) => name === "virus.png")?.id ?? ""],
  )
  await page.goto(`/shares/${share.id}`)
  await expect(page.getByText("Held: Eicar")).toBeVisible()
  await expect(link(page, "virus.png")).toHaveCount(0)
  await openFile(page, "pier.png")
  await expect(viewerOf(page).getByRole("img", { name: "pier.png" })).toHaveJSProperty(
    "naturalWidth",
    320,
  )
  await expect(viewerOf(page).getByRole("button", { name: "Next file" })).toBeHidden()
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "More actions for virus.png" }).click()
  await expect(page.getByRole("menuitem", { name: "Rename…" })).toBeVisible()
  await expect(page.getByRole("menuitem", { name: "Open" })).toHaveCount(0)
  await expect(page.getByRole("menuitem", { name: "Download" })).toHaveCount(0)
  await page.keyboard.press("Escape")
  await expectNoViolations(page, "a share with a file that is held")

  const pier = share.files.find(({ name }) => name === "pier.png")
  await owner.post("/files/delete", { ids: [pier?.id] })
  await link(page, "pier.png").click()
  await expect(viewerOf(page).getByText("This file is no longer available.").first()).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(link(page, "pier.png")).toHaveCount(0)

  const asked = await owner.post("/requests", { title: "Boats", folder: "Inbox" })
  const { id, url } = await read<{ id: string; url: string }>(asked, 201)
  const guest = await request.newContext({ extraHTTPHeaders: { Origin: new URL(url).origin } })
  const post = (path: string, data?: object) => guest.post(url + path, data ? { data } : {})
  await uploadFiles({ post }, [{ name: "boat.png", bytes: png(100, 100) }])
  await guest.dispose()
  await page.goto(`/requests/${id}`)
  await link(page, "boat.png").click()
  await expect(viewerOf(page)).toHaveAccessibleName("boat.png")
  await page.keyboard.press("Escape")
  await page.getByRole("button", { name: "More actions for boat.png" }).click()
  await page.getByRole("menuitem", { name: "Delete…" }).click()
  await page.getByRole("button", { name: "Delete file" }).click()
  await expect(link(page, "boat.png")).toHaveCount(0)
})

test("chosen files are downloaded as a ZIP, a new folder takes a file, and a grid shows the pictures", async ({
  join,
  browse,
}, testInfo) => {
  const member = await join("Zora Zip")
  const files = [
    { name: "a.txt", path: "album", bytes: Buffer.from("a") },
    { name: "b.txt", path: "album/day 1", bytes: Buffer.from("b") },
    { name: "c.txt", bytes: Buffer.from("c") },
  ]
  await uploadFiles(member, files)
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/files")
  await page.getByRole("checkbox", { name: "Select all of album" }).click()
  await expect(page.getByLabel("Select all of album")).toBeChecked()
  await page.getByRole("checkbox", { name: "Select c.txt" }).check()
  const zip = await downloadBy(page, "Download as ZIP")
  expect(zip.suggestedFilename()).toBe("Files.zip")
  const found = unpack(await zip.path(), testInfo.outputPath("zip"))
  expect([...found.keys()].toSorted()).toEqual([
    "LAPSE.txt",
    "album/a.txt",
    "album/day 1/b.txt",
    "c.txt",
  ])

  await page.getByRole("button", { name: "Show as a grid" }).click()
  await expect(page.getByRole("button", { name: "Show as a list" })).toBeVisible()
  await expectNoViolations(page, "files as a grid")
  await page.reload()
  await page.getByRole("button", { name: "Show as a list" }).click()
  await expect(page.getByRole("button", { name: "Show as a grid" })).toBeVisible()

  await page.getByRole("button", { name: "New folder" }).click()
  await page.getByRole("dialog").getByLabel("Name").fill("plans/2026")
  await page.getByRole("button", { name: "Open folder" }).click()
  await expect(page.getByText("This folder is empty")).toBeVisible()
  await expect(page).toHaveURL(/path=plans%2F2026$/)
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({ name: "new.txt", mimeType: "text/plain", buffer: Buffer.from("new") })
  await expect(link(page, "new.txt")).toBeVisible({ timeout: 30_000 })
  await page.goto("/files")
  await expect(link(page, "plans")).toBeVisible()
})
