import { randomBytes } from "node:crypto"
import type { Page } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { sideways } from "../browser/widths.ts"
import { png } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"
import { holdUploads } from "../network/held-uploads.ts"
import { pollNow } from "../network/poll-now.ts"
import { chooseFiles, PHONE } from "./guest.ts"

// A form that is refused, and a page and an upload of a request that was revoked or deleted.
test.use({
  allowed: [
    /status of 400 .*\/requests\)$|status of (404|409|410) .*\/files|status of (404|410) .*part=live|status of 404 .*partNumber=/,
  ],
})

const menuOf = (page: Page, name: string) =>
  page.getByRole("button", { name: `More actions for ${name}` })

test("a member asks for files, sees them arrive from a phone, shares them on and erases the sender", async ({
  installation,
  owner,
  ownerPage: page,
  browse,
}) => {
  test.setTimeout(180_000)
  await read(await owner.post("/requests", { title: "Taken", folder: "a", slug: "taken" }), 201)
  await page.goto("/requests")
  await page.getByRole("button", { name: "New request" }).click()
  const form = page.getByRole("dialog")
  await form.getByLabel("What you ask for").fill("Photos of the party")
  await page.keyboard.press("Escape")
  await expect(form).toHaveCount(0)
  await page.getByRole("button", { name: "New request" }).click()
  await expect(form.getByText("You typed this earlier")).toBeVisible()
  await expect(form.getByLabel("What you ask for")).toHaveValue("Photos of the party")
  await form.getByText("More settings").click()
  await form.getByLabel("Custom address").fill("taken")
  await expect(form.getByText("This address is already in use.")).toBeVisible()
  await form.getByLabel("Custom address").fill("party")
  await expect(form.getByText("This address is free.")).toBeVisible()
  await form.getByRole("button", { name: "Add a question" }).click()
  await form.getByLabel("Question 1", { exact: true }).fill("Team")
  await form.getByLabel("Only these types").fill("no type!")
  await expectNoViolations(page, "the form of a request")
  await form.getByRole("button", { name: "Create request" }).click()
  await expect(form.getByLabel("Only these types")).toHaveAccessibleDescription(/Enter file types/)
  await form.getByLabel("Only these types").fill("")
  await form.getByRole("button", { name: "Create request" }).press("Enter")
  await expect(page.getByRole("heading", { name: "Photos of the party", level: 1 })).toBeFocused()
  await expect(page.getByText("Nothing received yet.")).toBeVisible()
  await page.reload()
  await expect(page.getByRole("img", { name: "QR code for the link" })).toBeVisible()

  await page.goto("/requests")
  const guest = await browse(PHONE)
  await guest.goto("/r/party")
  const picture = { mimeType: "image/png", buffer: png(640, 480) }
  await chooseFiles(guest, [{ ...picture, name: "boat.png" }])
  await expect(guest.getByText("· Arrived")).toBeVisible({ timeout: 30_000 })
  await pollNow(page)
  await expect(page.getByText("1 new")).toBeVisible()
  await page.getByRole("link", { name: "Photos of the party" }).click()
  await expect(page.getByText("boat.png")).toBeVisible()
  await expect(page.getByText("Still sending")).toBeVisible()
  const id = page.url().split("/").at(-1)
  const isNew = async () => (await (await owner.get(`/requests/${id}`)).json()).newFileCount
  await expect.poll(isNew).toBe(0)
  const thumbnail = page.locator(`main img[src*="/thumbnail"]`)
  await expect(thumbnail).toHaveJSProperty("naturalWidth", 256, { timeout: 20_000 })
  await expect(page.getByText("1 new"), "while the page is open").toBeVisible()
  await guest.getByLabel("Your name").fill("Bo Berg")
  await guest.getByLabel("Team").fill("Blue")
  await guest.getByRole("button", { name: "Finish and send 1 file" }).click()
  await expect(guest.getByRole("heading", { name: "Your files have arrived" })).toBeVisible()
  await pollNow(page)
  await expect(page.getByRole("heading", { name: "Bo Berg" })).toBeVisible()
  await expect(page.getByText("Blue")).toBeVisible()
  await expectNoViolations(page, "a request with a sender")
  await page.setViewportSize(PHONE.viewport)
  expect(await sideways(page)).toBe(0)

  const other = await browse(PHONE)
  await other.goto("/r/party")
  await chooseFiles(other, [
    { ...picture, name: "late.png" },
    { ...picture, name: "virus.png" },
  ])
  await expect(other.getByText("· Arrived")).toHaveCount(2, { timeout: 30_000 })
  await installation.query(
    `UPDATE file SET status = 'held', held_for = 'Eicar', unchecked_since = ready_at, ready_at = NULL
     WHERE name = 'virus.png'`,
  )
  await pollNow(page)
  await expect(page.getByText("2 new")).toBeVisible()
  await expect.poll(isNew).toBe(0)
  await page.reload()
  await expect(page.getByText("Held: Eicar")).toBeVisible()
  await expect(page.getByText(/^\d new$/)).toHaveCount(0)
  await expect(page.getByRole("link", { name: "late.png" })).toBeVisible()
  await expect(page.getByRole("link", { name: "virus.png" })).toHaveCount(0)
  await expectNoViolations(page, "a request with a file that is held")
  const shareAll = page.getByRole("button", { name: "Share all" })
  const question = page.getByRole("alertdialog", { name: "Share these files?" })
  await shareAll.press("Enter")
  await expect(question).toBeVisible()
  await expectNoViolations(page, "the question before files of others are shared")
  await page.keyboard.press("Escape")
  await expect(question).toHaveCount(0)
  await expect(shareAll).toBeFocused()
  expect((await (await owner.get("/shares?q=Photos of the party")).json()).items).toEqual([])
  await shareAll.press("Enter")
  await question.getByRole("button", { name: "Create link" }).press("Enter")
  const shared = page.getByRole("dialog")
  await expect(shared.getByLabel("Title")).toHaveValue("Photos of the party")
  await shared.getByRole("button", { name: "Close" }).click()
  const { items } = await (await owner.get("/shares?q=Photos of the party")).json()
  expect(items).toMatchObject([{ title: "Photos of the party", fileCount: 2 }])

  await page.getByRole("button", { name: "Share these: Bo Berg" }).click()
  await question.getByRole("button", { name: "Create link" }).click()
  await expect(shared.getByRole("heading", { name: "Your link is ready" })).toBeVisible()
  await expect(shared.getByLabel("Title")).toHaveValue("Photos of the party")
  await shared.getByRole("button", { name: "Close" }).click()
  await page.getByRole("button", { name: "Share these: Bo Berg" }).click()
  await expect(
    shared.getByRole("heading", { name: "These files already have a link" }),
    "the question is asked once",
  ).toBeVisible()
  await expect(question).toHaveCount(0)
  await shared.getByRole("button", { name: "Close" }).click()
  await menuOf(page, "Bo Berg").click()
  await page.getByRole("menuitem", { name: "Erase this sender’s data…" }).click()
  const erasing = page.getByRole("alertdialog")
  await erasing.getByLabel(/^Delete the file/).check()
  await expectNoViolations(page, "erasing a sender")
  await erasing.getByRole("button", { name: "Erase data" }).click()
  await expect(page.getByRole("heading", { name: "Bo Berg" })).toHaveCount(0)
  await expect(page.getByText("boat.png")).toHaveCount(0)

  await page.goto("/requests")
  await expectNoViolations(page, "the list of requests")
  expect(await sideways(page)).toBe(0)
  await menuOf(page, "Photos of the party").click()
  await page.getByRole("menuitem", { name: "Delete…" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete request" }).click()
  await expect(page.getByRole("link", { name: "Photos of the party" })).toHaveCount(0)
})

test("a request that is revoked in the middle of an upload stops it, and an admin keeps it closed", async ({
  installation,
  owner,
  ownerPage: page,
  adminPage,
  browse,
}) => {
  const { id, url } = await read<{ id: string; url: string }>(
    await owner.post("/requests", { title: "Films, please", folder: "Films" }),
    201,
  )
  const guest = await browse(PHONE)
  await guest.goto(url)
  await chooseFiles(guest, [{ name: "still.jpg", buffer: Buffer.from("still") }])
  await expect(guest.getByText("· Arrived")).toBeVisible({ timeout: 30_000 })
  const release = await holdUploads(guest, installation)
  await chooseFiles(guest, [{ name: "film.mp4", buffer: randomBytes(9 * 1024 ** 2) }])
  await expect
    .poll(async () => (await (await owner.get(`/requests/${id}`)).json()).arrivingFileCount)
    .toBe(1)

  await page.goto(`/requests/${id}`)
  const numbers = page.getByRole("region", { name: "Numbers" })
  await expect(numbers).toContainText("Files1 of 1,000 files · 1 not received yet")
  await expect(numbers).toContainText(/Size5 bytes of 10 GB · 9\.4 MB not received yet/)
  await page.goto("/requests")
  await expect(page.getByText("1 not received yet").filter({ visible: true })).toBeVisible()
  await page.getByRole("button", { name: "Search", exact: true }).click()
  await page.getByRole("dialog").getByRole("combobox").fill("Films, please")
  await page.getByRole("option", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog")
  await expect(asked).toContainText("1 upload in progress is stopped.")
  await asked.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(page.getByText("Request revoked")).toBeVisible()
  await pollNow(guest)
  await expect(guest.getByRole("heading", { name: "This request is closed" })).toBeVisible()
  await expect(guest.getByText(/^Expires in/)).toHaveCount(0)
  await expect(guest.getByRole("listitem").filter({ hasText: "still.jpg" })).toContainText(
    "Arrived",
  )
  await expect(guest.getByText("Choose files")).toBeHidden()
  release()
  await expect
    .poll(async () => (await (await owner.get(`/requests/${id}`)).json()).fileCount)
    .toBe(1)

  await adminPage.goto("/admin/requests")
  await expectNoViolations(adminPage, "all requests")
  await menuOf(adminPage, "Films, please").click()
  await adminPage.getByRole("menuitem", { name: "View details" }).click()
  await adminPage.getByRole("button", { name: "Revoke…" }).click()
  const revoking = adminPage.getByRole("alertdialog")
  await revoking.getByLabel("Reason").fill("Not for films")
  await revoking.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(adminPage.getByText("Reason: Not for films")).toBeVisible()
  await expectNoViolations(adminPage, "a request of a member")
  await page.goto(`/requests/${id}`)
  await expect(page.getByText("Reason: Not for films")).toBeVisible()
  await expect(page.getByRole("button", { name: "Restore" })).toBeDisabled()
  await adminPage.getByRole("button", { name: "Restore" }).click()
  await expect(adminPage.getByText("Restored", { exact: true })).toBeVisible()
  expect((await guest.goto(url))?.status()).toBe(200)
})
