import type { Locator, Page } from "@playwright/test"
import { HOUR } from "#testing/units.ts"
import { expectNoViolations } from "../browser/axe.ts"
import { localTimeIn } from "../browser/typed-controls.ts"
import { aFile, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the refusals and outages of these stories.
test.use({ allowed: [/status of (400|403|409)|ERR_INTERNET_DISCONNECTED/] })

async function openSettings(page: Page, { id, name }: { id: string; name: string }) {
  await page.goto(`/shares/${id}`)
  await page.getByRole("button", { name: "Edit", exact: true }).click()
  await expect(page.getByRole("dialog", { name })).toBeVisible()
  const dialog = page.getByRole("dialog")
  await expect(dialog.getByLabel("Message")).toBeVisible()
  return dialog
}

const rowOf = (dialog: Locator, setting: string) => dialog.locator(`[data-setting=${setting}]`)
const savedIn = (dialog: Locator, setting: string) =>
  rowOf(dialog, setting)
    .getByRole("status")
    .filter({ hasText: /^Saved$/ })

async function close(dialog: Locator) {
  await dialog.getByRole("button", { name: "Close", exact: true }).click()
  await expect(dialog).toHaveCount(0)
}

test("a message that is typed into the settings of a new link is there after Close", async ({
  owner,
  ownerPage: page,
  visitor,
}) => {
  await owner.upload("closed.pdf", Buffer.from("bytes"), "application/pdf")
  await page.goto("/files?q=closed.pdf")
  await page.getByRole("button", { name: "Share closed.pdf" }).click()
  const dialog = page.getByRole("dialog", { name: "Your link is ready" })
  await expect(dialog.getByRole("button", { name: /^(Save|Done)$/ })).toHaveCount(0)
  await dialog.getByLabel("Message").fill("Mind the tide.")
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue()
  await close(dialog)
  await visitor.goto(link)
  await expect(visitor.getByText("Mind the tide.")).toBeVisible()

  await page.getByRole("button", { name: "Share closed.pdf" }).click()
  await expect(page.getByRole("dialog").getByLabel("Message")).toHaveValue("Mind the tide.")
})

test("text is saved two seconds after the last key, and when the page is reloaded or closed before", async ({
  owner,
  ownerPage: page,
}) => {
  const share = await owner.share("typed.pdf")
  const messageOf = async () => (await owner.readShare(share.id)).message
  const dialog = await openSettings(page, share)
  const message = dialog.getByLabel("Message")
  await message.pressSequentially("waits ")
  expect(await messageOf()).toBe("")
  await expect(savedIn(dialog, "message")).toBeVisible()
  expect(await messageOf()).toBe("waits")
  await expect(message).toBeFocused()
  await message.pressSequentially("longer")
  await expect(message).toHaveValue("waits longer")

  await page.reload()
  await expect.poll(messageOf).toBe("waits longer")
  const tab = await page.context().newPage()
  await (await openSettings(tab, share)).getByLabel("Message").fill("closed at once")
  await tab.close({ runBeforeUnload: true })
  await expect.poll(messageOf).toBe("closed at once")
})

test("what was changed in another tab is said beside the field, and nothing that was typed is lost", async ({
  owner,
  ownerPage: page,
}) => {
  const share = await owner.share("two-tabs.pdf")
  const dialog = await openSettings(page, share)
  const message = dialog.getByLabel("Message")
  await message.fill("mine")
  await owner.patch(`/shares/${share.id}`, { message: "theirs", title: "Their title" })
  await dialog.getByLabel("Title").focus()
  const conflict = rowOf(dialog, "message").getByRole("alert")
  await expect(conflict).toContainText("Changed elsewhere in the meantime to “theirs”.")
  await expect(message).toHaveValue("mine")
  await expect(message).toHaveAccessibleDescription(/Changed elsewhere/)
  await expect(dialog.getByLabel("Title"), "what nobody typed in follows").toHaveValue(
    "Their title",
  )
  expect((await owner.readShare(share.id)).message).toBe("theirs")

  await conflict.getByRole("button", { name: "Keep mine" }).click()
  await expect(savedIn(dialog, "message")).toBeVisible()
  await expect(message).toBeFocused()
  expect(await owner.readShare(share.id)).toMatchObject({ message: "mine", title: "Their title" })

  // Another setting that was changed elsewhere is no conflict.
  await owner.patch(`/shares/${share.id}`, { message: "theirs again" })
  await dialog.getByRole("switch", { name: "Direct link" }).check()
  await expect(savedIn(dialog, "direct")).toBeVisible()
  await expect(message).toHaveValue("theirs again")

  await message.fill("mine again")
  await owner.patch(`/shares/${share.id}`, { message: "theirs at last" })
  await page.keyboard.press("Tab")
  await conflict.getByRole("button", { name: "Use the other one" }).click()
  await expect(message).toHaveValue("theirs at last")
  await close(dialog)
  expect((await owner.readShare(share.id)).message).toBe("theirs at last")
})

test("a password is set by its button, which asks for it again, and it is removed only after a question", async ({
  owner,
  ownerPage: page,
  visitor,
}) => {
  const share = await owner.share("locked.pdf", { password: "the first one" })
  await visitor.goto(share.url)
  await visitor.getByLabel("Password").fill("the first one")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()

  const dialog = await openSettings(page, share)
  await dialog.getByRole("button", { name: "Change…" }).click()
  const password = dialog.getByLabel("New password")
  await expect(password).toBeFocused()
  await password.fill("ope")
  await dialog.getByRole("button", { name: "Set", exact: true }).click()
  await expect(dialog.getByRole("alert")).toHaveText("Use at least 4 characters.")
  await expect(password).toBeFocused()
  await password.fill("the second one")
  await dialog.getByRole("button", { name: "Close", exact: true }).click()
  await expect(password, "the settings stay open once").toHaveAccessibleDescription(/Not set yet/)
  await visitor.reload()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()

  await dialog.getByRole("button", { name: "Set", exact: true }).click()
  await expect(dialog.getByRole("status").filter({ hasText: "Saved" })).toBeVisible()
  await expect(dialog.getByRole("button", { name: "Undo" })).toHaveCount(0)
  await expect(dialog.getByRole("button", { name: "Change…" })).toBeFocused()
  await visitor.reload()
  await visitor.getByLabel("Password").fill("the second one")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()

  const asked = page.getByRole("alertdialog", { name: "Remove the password?" })
  await dialog.getByRole("button", { name: "Remove password" }).click()
  await asked.getByRole("button", { name: "Cancel" }).click()
  expect((await owner.readShare(share.id)).hasPassword).toBe(true)
  await dialog.getByRole("button", { name: "Remove password" }).click()
  await asked.getByRole("button", { name: "Remove password" }).click()
  await expect(dialog.getByRole("button", { name: "Set…" })).toBeFocused()
  expect((await owner.readShare(share.id)).hasPassword).toBe(false)
})

test("a switch, a limit and an end are undone as long as nothing else has changed", async ({
  owner,
  ownerPage: page,
}) => {
  const share = await owner.share("undone.pdf", { maxDownloads: 5 })
  const { expiresAt } = share
  const now = () => owner.readShare(share.id)
  const dialog = await openSettings(page, share)
  const undo = dialog.getByRole("button", { name: "Undo" })

  const viewOnly = dialog.getByRole("switch", { name: "View only" })
  await dialog.getByRole("switch", { name: "Previews", exact: true }).uncheck()
  await expect(savedIn(dialog, "reading")).toBeVisible()
  await viewOnly.check()
  await expect.poll(now).toMatchObject({ viewOnly: true, preview: true })
  await undo.click()
  await expect(rowOf(dialog, "reading").getByText("Undone")).toBeVisible()
  await expect(viewOnly).not.toBeChecked()
  expect(await now()).toMatchObject({ viewOnly: false, preview: false })

  const limit = dialog.getByLabel("Download limit")
  await limit.fill("9")
  await limit.press("Tab")
  await expect(savedIn(dialog, "limit")).toBeVisible()
  await undo.click()
  await expect(limit).toHaveValue("5")
  await expect(limit).toBeFocused()
  await dialog.getByLabel("Expires", { exact: true }).selectOption({ label: "In 30 days" })
  await expect(savedIn(dialog, "times")).toBeVisible()
  await undo.click()
  await expect.poll(now).toMatchObject({ maxDownloads: 5, expiresAt })

  await dialog.getByRole("switch", { name: "Direct link" }).check()
  await expect(undo).toHaveCount(1)
  await dialog.getByLabel("Message").fill("Too late for that.")
  await page.keyboard.press("Tab")
  await expect(savedIn(dialog, "message")).toBeVisible()
  await expect(undo).toHaveCount(0)
})

test("ending now, a limit that is reached, and removing a limit are asked about first", async ({
  owner,
  ownerPage: page,
  installation,
}) => {
  const share = await owner.share("asked.pdf", { maxDownloads: 5 })
  await installation.query("UPDATE share SET downloads = 3 WHERE id = $1", [share.id])
  const dialog = await openSettings(page, share)
  const question = (name: string) => page.getByRole("alertdialog", { name })
  const limit = dialog.getByLabel("Download limit")

  await limit.fill("3")
  await limit.press("Enter")
  await question("Close this link now?").getByRole("button", { name: "Cancel" }).click()
  await expect(limit).toHaveValue("5")
  await limit.fill("")
  await limit.press("Tab")
  const removal = question("Remove the download limit?")
  await removal.getByRole("button", { name: "Cancel" }).click()
  await expect(limit).toHaveValue("5")
  expect(await owner.readShare(share.id)).toMatchObject({ maxDownloads: 5, status: "open" })

  const expires = dialog.getByLabel("Expires", { exact: true })
  await expires.selectOption("at")
  await dialog.getByLabel(/^Expires at/).fill(localTimeIn(-1))
  const end = question("End this link now?")
  await end.getByRole("button", { name: "Cancel" }).click()
  expect((await owner.readShare(share.id)).status).toBe("open")

  await limit.fill("")
  await limit.press("Tab")
  await removal.getByRole("button", { name: "Remove limit" }).click()
  await expect.poll(async () => (await owner.readShare(share.id)).maxDownloads).toBeNull()
  // The focus may still be on its way back from the question.
  await limit.fill("2")
  await limit.press("Enter")
  await question("Close this link now?").getByRole("button", { name: "Close link" }).click()
  await expect(savedIn(dialog, "limit")).toBeVisible()
  expect((await owner.readShare(share.id)).status).toBe("used_up")
  await dialog.getByRole("button", { name: "Undo" }).click()
  await expect.poll(async () => (await owner.readShare(share.id)).status).toBe("open")

  await expires.selectOption("at")
  const expiresAt = dialog.getByLabel(/^Expires at/)
  await expiresAt.fill(localTimeIn(-1))
  await expiresAt.press("Enter")
  await end.getByRole("button", { name: "End link" }).click()
  await expect.poll(async () => (await owner.readShare(share.id)).status).toBe("expired")
})

test("what could not be saved offline is said beside its field, and saved by the next change", async ({
  owner,
  ownerPage: page,
}) => {
  const share = await owner.share("offline.pdf")
  const dialog = await openSettings(page, share)
  await page.context().setOffline(true)
  await dialog.getByLabel("Message").fill("typed offline")
  await page.keyboard.press("Tab")
  const problem = rowOf(dialog, "message").getByRole("alert")
  await expect(problem).toContainText(/didn’t respond/)
  await problem.getByRole("button", { name: "Try again" }).click()
  await expect(problem).toBeVisible()
  await page.context().setOffline(false)
  await dialog.getByRole("switch", { name: "Direct link" }).check()
  await expect(savedIn(dialog, "message")).toBeVisible()
  await expect(savedIn(dialog, "direct")).toBeVisible()

  await page.context().setOffline(true)
  await dialog.getByLabel("Message").fill("typed offline again")
  await dialog.getByRole("button", { name: "Close", exact: true }).click()
  await expect(problem, "the settings stay open once").toBeVisible()
  await close(dialog)
  await page.context().setOffline(false)
  await page.getByRole("button", { name: "Edit", exact: true }).click()
  await expect(dialog.getByLabel("Message")).toHaveValue("typed offline again")
  await expect
    .poll(async () => (await owner.readShare(share.id)).message)
    .toBe("typed offline again")
})

test("by keyboard the focus stays where it is while settings are saved, and axe finds nothing", async ({
  owner,
  ownerPage: page,
}) => {
  await shareByHand(page, [aFile("keys-and-ears.pdf")])
  const card = page.getByRole("region", { name: "Uploads", exact: true })
  await card.getByRole("button", { name: "Settings" }).press("Enter")
  const message = card.getByLabel("Message")
  await message.focus()
  await page.keyboard.type("By keyboard")
  await page.keyboard.press("Tab")
  await expect(card.getByRole("slider", { name: "Time left" })).toBeFocused()
  await page.keyboard.press("PageDown")
  await page.keyboard.press("ArrowUp")
  await page.keyboard.press("Tab")
  await expect(savedIn(card, "times")).toBeVisible()
  await expect(savedIn(card, "message")).toBeVisible()
  await expect(card.getByLabel("Expires", { exact: true })).toBeFocused()
  await card.locator("summary").focus()
  await page.keyboard.press("Enter")
  const direct = card.getByRole("switch", { name: "Direct link" })
  await direct.focus()
  await page.keyboard.press("Space")
  await expect(savedIn(card, "direct")).toBeVisible()
  await expect(direct).toBeFocused()
  await page.keyboard.press("Tab")
  await expectNoViolations(page, "the settings of a link, saved")
  const { items } = await (await owner.get("/shares?q=keys-and-ears")).json()
  expect(items[0]).toMatchObject({ message: "By keyboard", direct: true })
  expect(Math.round((Date.parse(items[0].expiresAt) - Date.now()) / HOUR)).toBe(1)
})
