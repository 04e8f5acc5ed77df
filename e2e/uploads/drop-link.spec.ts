import type { Page } from "@playwright/test"
import { HOUR } from "#testing/units.ts"
import { sideways, WIDTHS } from "../browser/widths.ts"
import { dropFiles, untilReady } from "../files/drop-files.ts"
import { aFile, CHOOSE_FILES, chooseFiles, linkField, newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"
import { holdUploads } from "../network/held-uploads.ts"

// These stories take long and come last, so they are spread over the workers.
test.describe.configure({ mode: "parallel" })

const SCREENS = WIDTHS.map((width) => ({ width, height: 844 }))
// The browser logs the requests that these stories abort or have refused.
test.use({ allowed: [/net::ERR_FAILED|status of (401|403|409|413)/] })

const uploadsOn = (page: Page) => page.getByRole("region", { name: "Uploads", exact: true })
/** Opens the dialog that renames the first file, whose input is kept until it is saved. */
async function rename(page: Page, name: string) {
  await page
    .getByRole("button", { name: `More actions for ${name}` })
    .first()
    .click()
  await page.getByRole("menuitem", { name: /^Rename/ }).click()
  return page.getByRole("dialog").getByLabel("Name")
}
/** The note of a dialog whose fields contain restored input. */
const typedBefore = (page: Page) => page.getByText("You typed this earlier.")
const latest = async (member: MemberClient) =>
  (await (await member.get("/shares?limit=1")).json()).items[0]

test("from sign-in to a pasted link is one drop, and nothing else", async ({ browse, owner }) => {
  const page = await browse({ permissions: ["clipboard-read", "clipboard-write"] })
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(owner.email)
  await page.getByLabel("Password").fill(owner.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/shares")
  await untilReady(page)

  const began = Date.now()
  await dropFiles(page, [{ name: "survey.bin", text: "x".repeat(1024 ** 2) }])
  await page.waitForFunction(async () =>
    /\/s\/[\w-]{32}$/.test(await navigator.clipboard.readText().catch(() => "")),
  )
  const copied = Date.now() - began
  await expect(uploadsOn(page).getByText("Uploaded", { exact: true })).toBeVisible()
  console.log(`a link of 1 MiB: copied after ${copied} ms, stored after ${Date.now() - began} ms`)

  await expect(uploadsOn(page).getByText("Link copied to clipboard.")).toBeVisible()
  const pasted = await page.evaluate(() => navigator.clipboard.readText())
  expect(await latest(owner)).toMatchObject({ url: pasted, status: "open", fileCount: 1 })
  expect(await newestLink(page)).toBe(pasted)
  await expect(page.getByRole("img", { name: "QR code for the link" })).toBeVisible()
  await expect(page.getByRole("dialog")).toHaveCount(0)
})

for (const viewport of SCREENS) {
  test(`undo revokes the link and stops its uploads, at ${viewport.width} px`, async ({
    installation,
    owner,
    browse,
    visitor,
  }) => {
    const page = await browse({ viewport, storageState: await owner.context.storageState() })
    await page.goto("/shares")
    await holdUploads(page, installation)
    await chooseFiles(page, [aFile("one.mov"), aFile("two.mov")])
    const link = await newestLink(page)
    expect(await sideways(page)).toBe(0)
    expect((await visitor.goto(link))?.status()).toBe(200)

    await page.route("**/revoke", (route) => route.abort())
    await uploadsOn(page).getByRole("button", { name: /^Undo/ }).click()
    const failed = uploadsOn(page).getByRole("alert")
    await expect(failed).toHaveText(/The server didn’t respond/)
    await expect(failed).toBeFocused()
    await page.unroute("**/revoke")

    await uploadsOn(page).getByRole("button", { name: /^Undo/ }).dblclick()
    await expect(page.getByText("Link revoked", { exact: true })).toBeVisible()
    await expect(uploadsOn(page)).toHaveCount(0)
    expect((await visitor.goto(link))?.status()).toBe(410)
    // The uploads are cancelled once the link is revoked.
    await expect
      .poll(() => latest(owner))
      .toMatchObject({ url: link, status: "revoked", arrivingFileCount: 0 })
    const { items } = await (await owner.get("/files?status=uploading")).json()
    expect(items.filter(({ name }: { name: string }) => /^(one|two)\.mov$/.test(name))).toEqual([])
  })

  test(`a title is typed during an upload, and conditions are set on the row, at ${viewport.width} px`, async ({
    installation,
    owner,
    browse,
  }) => {
    const page = await browse({ viewport, storageState: await owner.context.storageState() })
    await page.goto("/shares")
    const letGo = await holdUploads(page, installation)
    const names = ["harbour", "boat", "pier"].map((name) => `${name} ${viewport.width}.png`)
    await chooseFiles(
      page,
      names.map((name) => aFile(name)),
    )
    const title = uploadsOn(page).getByLabel("Title")
    await expect(title).toHaveAttribute("placeholder", `${names[0]} and 2 more`)
    await title.fill("The harbour at dawn")
    await newestLink(page)
    await expect.poll(async () => (await latest(owner)).title).toBe("The harbour at dawn")

    await uploadsOn(page).getByRole("button", { name: "Settings" }).click()
    const ring = uploadsOn(page).getByRole("slider", { name: "Time left" })
    await expect(ring).toHaveAttribute("aria-valuenow", "168")
    await dragTo(page, ring, 0.5)
    // Half a ring is a quarter of a week.
    await expect.poll(async () => Math.round(await hoursLeft(owner))).toBe(42)
    await expect(ring).toHaveAttribute("aria-valuetext", /^Until [A-Z][a-z]+day \d\d:[03]0$/)
    await uploadsOn(page)
      .getByLabel("Expires", { exact: true })
      .selectOption({ label: "In 30 days" })
    await expect.poll(async () => Math.round(await hoursLeft(owner))).toBe(720)
    await ring.focus()
    await page.keyboard.press("Home")
    await page.keyboard.press("Tab")
    await expect.poll(async () => Math.round((await hoursLeft(owner)) * 4)).toBe(1)

    await uploadsOn(page).getByLabel("Message").fill("typed on the row")
    await uploadsOn(page).getByRole("button", { name: "Settings" }).click()
    await expect(uploadsOn(page).getByLabel("Message")).toHaveCount(0)
    await expect.poll(async () => (await latest(owner)).message).toBe("typed on the row")
    await uploadsOn(page).getByRole("button", { name: "Settings" }).click()
    await expect(uploadsOn(page).getByLabel("Message")).toHaveValue("typed on the row")
    await uploadsOn(page).getByRole("button", { name: "Set…" }).click()
    await uploadsOn(page).getByLabel("Password").fill("open sesame")
    await page.keyboard.press("Enter")
    await expect(uploadsOn(page).getByRole("button", { name: "Change…" })).toBeFocused()
    const saved = { message: "typed on the row", hasPassword: true, fileCount: 3 }
    expect(await latest(owner)).toMatchObject(saved)
    expect(await sideways(page)).toBe(0)
    letGo()
    await expect(uploadsOn(page).getByText("Upload complete")).toBeVisible()
  })
}

test("the browser asks before a page with unsaved input is unloaded, and not once it is saved; a second click on a dialog that is closing does not save again", async ({
  owner,
  ownerPage: page,
}) => {
  await page.emulateMedia({ reducedMotion: "no-preference" })
  await owner.upload("closing.pdf", Buffer.from("bytes"))
  await page.goto("/files?q=closing")
  let saves = 0
  page.on("request", (request) => {
    if (request.method() === "PATCH") saves += 1
  })
  await page.evaluate(clickSaveWhileClosing)
  const name = await rename(page, "closing.pdf")
  await name.fill("closing at last.pdf")
  const asked = page.waitForEvent("dialog")
  await page.evaluate(() => void setTimeout(() => location.reload()))
  const question = await asked
  expect(question.type()).toBe("beforeunload")
  await question.dismiss()
  await expect(name).toHaveValue("closing at last.pdf")

  await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click()
  await expect(page.getByRole("link", { name: "closing at last.pdf" })).toBeVisible()
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await expect(page.locator("html")).toHaveAttribute("data-clicked", "Rename")
  expect(saves).toBe(1)
  await page.reload()
  await expect(page.getByRole("link", { name: "closing at last.pdf" })).toBeVisible()
})

/** Clicks the save button in each dialog when it begins to close. */
function clickSaveWhileClosing() {
  const watcher = new MutationObserver(() => {
    const saving = document.querySelector<HTMLElement>("[role=dialog][data-closed] [type=submit]")
    if (!saving) return
    watcher.disconnect()
    saving.click()
    document.documentElement.dataset.clicked = saving.textContent ?? ""
  })
  watcher.observe(document.body, { subtree: true, attributeFilter: ["data-closed"] })
}

test("a link whose answer was lost is created once, however often it is retried; if the browser cannot copy, the URL is selected, and nothing says that it was copied", async ({
  browse,
  join,
}) => {
  const member = await join("Lo Lost")
  const page = await browse({ storageState: await member.context.storageState() })
  // As on plain http, where there is no clipboard API.
  await page.addInitScript(() => {
    Object.defineProperty(window, "isSecureContext", { value: false })
    document.execCommand = () => false
  })
  await page.goto("/shares")
  await page.route("**/api/v1/shares", async (route) => {
    if (route.request().method() !== "POST") return route.continue()
    await route.fetch()
    await route.abort()
  })
  await chooseFiles(page, [aFile("once.pdf")])
  await expect(uploadsOn(page).getByRole("alert")).toBeFocused()
  await page.unroute("**/api/v1/shares")
  await page.getByRole("button", { name: "Try again" }).dblclick()
  await expect(linkField(page)).toBeFocused()
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(await newestLink(page))
  await expect(page.getByText(/Link copied/)).toHaveCount(0)
  expect((await (await member.get("/shares")).json()).items).toHaveLength(1)
})

test("files chosen in a dialog that was open while the page got its first share are sent", async ({
  ownerPage: page,
}) => {
  await page.goto("/shares")
  await untilReady(page)
  const opened = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: CHOOSE_FILES }).click()
  const dialog = await opened
  await dropFiles(page, [{ name: "first.txt", text: "first" }])
  await expect(page.getByRole("link", { name: "first.txt" })).toBeVisible()
  await dialog.setFiles([{ name: "second.txt", mimeType: "text/plain", buffer: Buffer.from("2") }])
  await expect(page.getByRole("link", { name: "second.txt" })).toBeVisible()
})

test("files chosen before the page's scripts are loaded are sent afterwards", async ({
  browse,
  owner,
}) => {
  const page = await browse({
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
    storageState: await owner.context.storageState(),
  })
  let release = () => {}
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route("**/_next/static/**/*.js", async (route) => {
    await gate
    await route.continue()
  })
  await page.goto("/shares", { waitUntil: "commit" })
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).tap()
  await (await chosen).setFiles({
    name: "early.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("early"),
  })
  release()
  const link = await newestLink(page)
  expect(await latest(owner)).toMatchObject({ url: link, files: [{ name: "early.pdf" }] })
})

test("a session that ends during an upload asks to sign in over the page, and the upload continues; a late refusal from before does not ask again, and the title is saved", async ({
  browse,
  installation,
  join,
}) => {
  const member = await join("Lara Late")
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/shares")
  const letGo = await holdUploads(page, installation)
  await chooseFiles(page, [aFile("late.mov")])
  const link = await newestLink(page)
  await expect(page.getByRole("button", { name: "Copy link to late.mov" })).toBeVisible()
  await installation.query(
    "UPDATE session SET ended_at = now() WHERE member_id = (SELECT id FROM member WHERE email = $1)",
    [member.email],
  )
  const refusal = Promise.withResolvers<void>()
  await page.route("**/api/v1/shares/*", async (route) => {
    if (route.request().method() !== "PATCH") return route.fallback()
    const response = await route.fetch()
    if (response.status() === 401) await refusal.promise
    // The story may be over by then.
    await route.fulfill({ response }).catch(() => {})
  })
  const refused = page.waitForRequest(
    (sent) => sent.method() === "PATCH" && sent.url().includes("/api/v1/shares/"),
  )
  await page.getByLabel("Title", { exact: true }).fill("Not so late")
  await refused

  letGo()
  const asked = page.getByRole("dialog", { name: "Sign in to continue" })
  await expect(asked.getByLabel("Email")).toHaveValue(member.email)
  await asked.getByLabel("Password").fill("not this one")
  await page.keyboard.press("Enter")
  await expect(asked.getByRole("alert")).toBeFocused()
  await asked.getByLabel("Password").fill(member.password)
  await page.keyboard.press("Enter")
  await expect(asked).toHaveCount(0)
  await expect(uploadsOn(page).getByText("Upload complete")).toBeVisible()
  await expect(page).toHaveURL(/\/shares$/)
  expect(await newestLink(page)).toBe(link)
  const answered = page.waitForResponse("**/api/v1/me")
  refusal.resolve()
  await answered
  await expect(asked).toHaveCount(0)
  await expect
    .poll(async () => (await (await page.request.get("/api/v1/shares")).json()).items)
    .toEqual(expect.arrayContaining([expect.objectContaining({ url: link, title: "Not so late" })]))
  await installation.query("DELETE FROM attempt WHERE purpose = 'sign_in'")
})

test("a member who goes back finds the typed input in the dialog again", async ({
  owner,
  ownerPage: page,
}) => {
  await owner.upload("far-back.pdf", Buffer.from("bytes"))
  const main = page.getByRole("navigation", { name: "Main" })
  const at = (name: string) => page.getByRole("heading", { name, level: 1, exact: true })
  await page.goto("/shares")
  await main.getByRole("link", { name: "Files" }).click()
  await expect(at("Files")).toBeVisible()
  const dialog = page.getByRole("dialog")
  await (await rename(page, "far-back.pdf")).fill("farther.pdf")

  await page.goBack()
  await expect(at("Shares")).toBeVisible()
  await expect(dialog).toHaveCount(0)
  await page.goForward()
  await expect(at("Files")).toBeVisible()
  await expect(await rename(page, "far-back.pdf")).toHaveValue("farther.pdf")
  await expect(typedBefore(page)).toBeVisible()
  await dialog.getByRole("button", { name: "Rename" }).click()
  await expect(dialog).toHaveCount(0)
  await expect(await rename(page, "farther.pdf")).toHaveValue("farther.pdf")
  await expect(typedBefore(page)).toHaveCount(0)
})

test("a member sets the defaults for new links; where links need a password the row asks for it first, and the link is made with it", async ({
  browse,
  join,
  admin,
}) => {
  const member = await join("Dee Defaults")
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/settings")
  await page.getByLabel("Expires").selectOption("In 3 days")
  await page.getByLabel("Maximum downloads").fill("4")
  await page.getByRole("switch", { name: "View only" }).check()
  const bar = page.getByRole("region", { name: "Unsaved changes" })
  await expect(bar).toContainText("3 unsaved changes")
  await bar.getByRole("button", { name: "Save" }).click()
  await expect(bar).toContainText("New links saved")
  await page.getByRole("button", { name: "Change name" }).click()
  await page.getByRole("dialog").getByLabel("Name").fill("Dee Default")
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click()
  await expect(page.getByRole("main").getByText("Dee Default", { exact: true })).toBeVisible()

  await page.getByRole("link", { name: "Shares" }).first().click()
  await chooseFiles(page, [aFile("usual.pdf")])
  await newestLink(page)
  await expect(page.getByText("Up to 4 viewers")).toBeVisible()
  expect(await latest(member)).toMatchObject({ maxDownloads: 4, viewOnly: true })
  expect(Math.round(await hoursLeft(member))).toBe(72)

  await admin.patch("/admin/settings", { passwordRequired: true })
  try {
    await page.goto("/shares")
    await chooseFiles(page, [aFile("secret.pdf")])
    await expect(uploadsOn(page).getByLabel("Password")).toBeFocused()
    await expect(uploadsOn(page).getByText("A password is required")).toBeVisible()
    expect((await latest(member)).files).toMatchObject([{ name: "usual.pdf" }])
    await page.keyboard.type("open sesame")
    await page.route("**/api/v1/shares", (route) => route.abort())
    await page.keyboard.press("Enter")
    await expect(uploadsOn(page).getByRole("alert")).toHaveText(/didn’t respond/)
    await expect(uploadsOn(page).getByLabel("Password")).toHaveValue("open sesame")
    await page.unroute("**/api/v1/shares")
    await uploadsOn(page).getByRole("button", { name: "Create link" }).click()
    const link = await newestLink(page)
    expect(await latest(member)).toMatchObject({ url: link, hasPassword: true, fileCount: 1 })
  } finally {
    await admin.patch("/admin/settings", { reset: ["passwordRequired"] })
  }
})

const hoursLeft = async (member: MemberClient) =>
  (Date.parse((await latest(member)).expiresAt) - Date.now()) / HOUR

/** Drags the end of a ring to this fraction. */
async function dragTo(page: Page, ring: ReturnType<Page["getByRole"]>, fraction: number) {
  // The ring moves while the page above it is laid out.
  let box = await ring.boundingBox()
  await expect(async () => {
    const before = box
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)))
    box = await ring.boundingBox()
    expect(box).toEqual(before)
  }).toPass()
  if (!box) throw new Error("the ring is not shown")
  const { x: left, y: top, width, height } = box
  const at = (part: number) => {
    const angle = 2 * Math.PI * part
    const [x, y] = [left + width / 2, top + height / 2]
    const radius = width / 2 - 3
    return [x + radius * Math.sin(angle), y - radius * Math.cos(angle)] as const
  }
  await page.mouse.move(...at(0.999))
  await page.mouse.down()
  // A busy browser joins moves into one, and the ring takes one of half a turn for a slip.
  for (const part of [(1 + fraction) / 2, fraction]) {
    await page.mouse.move(...at(part))
    await expect
      .poll(async () => Number(await ring.getAttribute("aria-valuenow")) / 168)
      .toBeCloseTo(part ** 2, 1)
  }
  await page.mouse.up()
}
