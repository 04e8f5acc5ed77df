import type { Page } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { expect, test } from "../fixtures.ts"
import type { Installation } from "../installation/start-installation.ts"
import { pollNow } from "../network/poll-now.ts"
import { click, downloadBy, leadsToStore, open } from "../network/send-click.ts"

// Two people, and axe on every page, take longer than the default.
test.describe.configure({ timeout: 180_000 })

test.beforeEach(async ({ installation }) => {
  // All stories ask from one address, which is rate-limited.
  await installation.query("DELETE FROM attempt WHERE purpose = 'ask'")
})

const lapse = ({ query }: Installation, { id }: { id: string }) =>
  query("UPDATE share SET expires_at = now() - interval '1 minute' WHERE id = $1", [id])

const line = (page: Page) => page.getByRole("textbox", { name: /^Message to/ })
const askButton = (page: Page) => page.getByRole("button", { name: "Request access" })

test("a visitor asks for an expired link, the owner clicks once, and the visitor's open page reloads", async ({
  installation,
  owner,
  ownerPage,
  visitor,
}) => {
  const share = await owner.share("survey.pdf", { title: "Quay survey" })
  await lapse(installation, share)
  await visitor.clock.install()
  await visitor.goto(share.url)
  await expect(visitor.getByRole("heading", { name: "This link has expired" })).toBeVisible()

  await line(visitor).fill("It is Tom from the harbour office.\nI lost my copy.")
  await askButton(visitor).click()
  await expect(visitor.getByText(/^Request sent on .*Nepal Time/)).toBeVisible()
  await expect(visitor.getByText("Keep this page open: it updates automatically.")).toBeVisible()
  await expect(askButton(visitor)).toBeHidden()
  expect(await visitor.content()).not.toContain(owner.email)

  await ownerPage.goto("/shares")
  const row = ownerPage
    .getByRole("list", { name: "Shares" })
    .getByRole("listitem")
    .filter({ hasText: "Quay survey" })
  await expect(row).toContainText("1 request")
  await expect(ownerPage.getByText(/Access requested for/)).toBeVisible()
  await row.getByRole("link", { name: "Quay survey" }).click()
  const questions = ownerPage.getByRole("region", { name: "Someone requested access" })
  await expect(questions).toContainText("It is Tom from the harbour office. I lost my copy.")
  await expect(questions).toContainText("Chrome on")
  await questions.getByRole("button", { name: "Reopen for 2 days" }).click()

  await expect(ownerPage.getByText("Link reopened")).toBeVisible()
  await expect(questions).toHaveCount(0)
  await visitor.clock.runFor(15_000)
  await expect(visitor.getByRole("heading", { name: "Quay survey" })).toBeVisible()
  await expect(visitor.getByRole("timer")).toHaveText(/Expires in (2\sdays|1\sday\s23\shours)/)
  await downloadBy(visitor, /^Download/)
  expect((await owner.readShare(share.id)).url).toBe(share.url)
})

test("a link that is used up gets three more downloads by one click, and gives exactly those; one that its owner revoked is restored by a click", async ({
  owner,
  ownerPage,
  visitor,
  stranger,
}) => {
  const share = await owner.share("minutes.pdf", { title: "The minutes", maxDownloads: 1 })
  const first = await stranger()
  await open(first, share)
  expect(leadsToStore(await click(first, share))).toBe(true)
  await visitor.goto(share.url)
  await expect(visitor.getByRole("heading", { name: "No downloads left" })).toBeVisible()
  await askButton(visitor).click()
  await expect(visitor.getByText(/^Request sent on/)).toBeVisible()

  await ownerPage.goto(`/shares/${share.id}`)
  await expect(ownerPage.getByText("No message")).toBeVisible()
  await ownerPage.getByRole("button", { name: "Reopen for 3 more downloads" }).dblclick()
  await expect(ownerPage.getByText("Link reopened")).toBeVisible()

  await pollNow(visitor)
  await expect(visitor.getByText("3 downloads left.")).toBeVisible()
  // The visitor who took the only download holds a ticket, so a second request does not count.
  expect(leadsToStore(await click(first, share))).toBe(true)
  const people = await Promise.all(Array.from({ length: 6 }, stranger))
  await Promise.all(people.map((person) => open(person, share)))
  const clicks = await Promise.all(people.map((person) => click(person, share)))
  expect(clicks.filter(leadsToStore)).toHaveLength(3)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 4, maxDownloads: 4 })

  const ended = await owner.share("ended.pdf", { title: "Ended too early" })
  await owner.post(`/shares/${ended.id}/revoke`, {})
  await visitor.goto(ended.url)
  await line(visitor).fill("One more look, please")
  await askButton(visitor).click()
  await expect(visitor.getByText(/^Request sent on/)).toBeVisible()

  await ownerPage.goto(`/shares/${ended.id}`)
  await ownerPage.getByRole("button", { name: "Restore for 2 days" }).click()

  await expect(ownerPage.getByText("Link reopened")).toBeVisible()
  await pollNow(visitor)
  await expect(visitor.getByRole("heading", { name: "Ended too early" })).toBeVisible()
})

test("a link whose only file was deleted says so, its visitor asks, and the owner adds files", async ({
  owner,
  ownerPage,
  visitor,
}) => {
  const file = await owner.upload("tides.pdf", Buffer.from("old tides"))
  const share = await owner.shareFiles([file.id], { title: "Tide tables" })
  await visitor.goto(share.url)
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
  await owner.delete(`/files/${file.id}`)
  await pollNow(visitor)

  await expect(visitor.getByRole("heading", { name: "The files were deleted" })).toBeVisible()
  await expectNoViolations(visitor)
  await line(visitor).fill("Where are the tables?")
  await visitor.getByRole("button", { name: "Request files" }).click()
  await expect(visitor.getByText(/^Request sent on/)).toBeVisible()

  await owner.upload("new-tides.pdf", Buffer.from("new tides"))
  await ownerPage.goto("/shares?q=Tide+tables")
  const row = ownerPage.getByRole("listitem").filter({ hasText: "Tide tables" }).last()
  await expect(row).toContainText("No files left")
  await row.getByRole("link", { name: "Tide tables" }).click()
  const questions = ownerPage.getByRole("region", { name: "Someone requested access" })
  await expect(questions).toContainText("Where are the tables?")
  await expect(ownerPage.getByRole("heading", { name: "No files left" })).toBeVisible()
  await questions.getByRole("button", { name: "Dismiss" }).click()
  await expect(questions).toHaveCount(0)
  const notice = ownerPage.getByText(/^All files of this share were deleted/)
  await expect(notice).toBeVisible()
  await expectNoViolations(ownerPage)
  await ownerPage.getByRole("button", { name: "Add files…" }).first().click()
  const dialog = ownerPage.getByRole("dialog", { name: "Add files to the share" })
  await dialog.getByRole("checkbox", { name: "new-tides.pdf" }).check()
  await dialog.getByRole("button", { name: "Add 1 file" }).click()

  await expect(notice).toHaveCount(0)
  await pollNow(visitor)
  await expect(visitor.getByRole("heading", { name: "Tide tables" })).toBeVisible()
  await (await downloadBy(visitor, /^Download/)).path()
})

test("a question about a link that an admin closed goes to the admins, and only an admin can open it", async ({
  owner,
  ownerPage,
  admin,
  adminPage,
  visitor,
}) => {
  const share = await owner.share("leak.pdf", { title: "Stopped by an admin" })
  await admin.post("/admin/shares/revoke", { ids: [share.id] })
  await visitor.goto(share.url)
  await expect(visitor.getByText(/your message goes to them, not to Nora North/)).toBeVisible()
  await visitor.getByRole("textbox", { name: "Message to the admins" }).fill("We need it in court")
  await askButton(visitor).click()
  await expect(visitor.getByText("The admins can see your request in Lapse")).toBeVisible()

  await ownerPage.goto(`/shares/${share.id}`)
  await expect(ownerPage.getByText(/an admin, revoked this share/)).toBeVisible()
  await expect(ownerPage.getByText("We need it in court")).toHaveCount(0)

  await adminPage.goto("/admin/shares")
  await adminPage
    .getByRole("list", { name: "All shares" })
    .getByRole("listitem")
    .filter({ hasText: "Stopped by an admin" })
    .filter({ hasText: "1 request" })
    .getByRole("link", { name: "Stopped by an admin" })
    .click()
  const questions = adminPage.getByRole("region", { name: "Someone requested access" })
  await expect(questions).toContainText("We need it in court")
  await questions.getByRole("button", { name: "Restore" }).click()

  await expect(questions).toHaveCount(0)
  await pollNow(visitor)
  await expect(visitor.getByRole("heading", { name: "Stopped by an admin" })).toBeVisible()
})

test("a visitor without JavaScript asks, the owner answers, and the same link opens", async ({
  installation,
  owner,
  ownerPage,
  plainVisitor,
}) => {
  const share = await owner.share("plain.pdf", { title: "Plain files" })
  await lapse(installation, share)
  await plainVisitor.goto(share.url)
  await line(plainVisitor).fill("It is me")
  await askButton(plainVisitor).click()
  await expect(plainVisitor.getByText(/^Request sent on .*UTC/)).toBeVisible()
  await expect(plainVisitor.getByText("it updates automatically")).toBeHidden()
  await plainVisitor.getByRole("link", { name: "Refresh" }).click()
  await expect(plainVisitor.getByText(/^Request sent on/)).toBeVisible()

  await ownerPage.goto(`/shares/${share.id}`)
  await ownerPage.getByRole("button", { name: "Reopen for 2 days" }).click()
  await expect(ownerPage.getByText("It is me")).toHaveCount(0)

  await plainVisitor.getByRole("link", { name: "Refresh" }).click()
  await expect(plainVisitor.getByRole("heading", { name: "Plain files" })).toBeVisible()
  await downloadBy(plainVisitor, /^Download/)
})

test("a visitor who asks too often reads until when to wait, and keeps the note, also without JavaScript", async ({
  installation,
  owner,
  visitor: withScript,
  plainVisitor,
}) => {
  for (const visitor of [withScript, plainVisitor]) {
    await installation.query("DELETE FROM attempt WHERE purpose = 'ask'")
    const share = await owner.share("often.pdf")
    await lapse(installation, share)
    for (let n = 0; n < 5; n++)
      await visitor.request.post(`${share.url}/ask`, { form: { note: "" } })
    await visitor.context().clearCookies()
    await visitor.goto(share.url)
    await line(visitor).fill("Is anybody there?")
    await askButton(visitor).click()

    await expect(
      visitor.getByText(/You can request access again in .*minutes, at \d\d:\d\d:\d\d/),
    ).toBeVisible()
    await expect(line(visitor)).toHaveValue("Is anybody there?")

    await installation.query("UPDATE attempt SET window_end_at = now() WHERE purpose = 'ask'")
    await askButton(visitor).click()
    await expect(visitor.getByText(/^Request sent on/)).toBeVisible()
    const notes = await installation.query<{ note: string }>(
      "SELECT note FROM question WHERE share_id = $1 AND note <> ''",
      [share.id],
    )
    expect(notes).toEqual([{ note: "Is anybody there?" }])
  }
})

test.describe("without a database", () => {
  test.use({ allowed: [/status of 503|ERR_|fetch/] })

  test("a note that cannot be stored is shown, to be sent again", async ({
    installation,
    owner,
    visitor,
  }) => {
    const share = await owner.share("away.pdf")
    await lapse(installation, share)
    await visitor.goto(share.url)
    await line(visitor).fill("While it was away")
    const showDatabase = await installation.hideDatabase()
    await askButton(visitor).click()
    await expect(visitor.getByLabel("Your message")).toHaveValue("While it was away", {
      timeout: 40_000,
    })
    await expectNoViolations(visitor)

    showDatabase()
    await expect(async () => {
      await visitor.getByRole("button", { name: "Send again" }).click()
      await expect(visitor.getByText(/^Request sent on/)).toBeVisible({ timeout: 2_000 })
    }).toPass()
  })
})

test("an owner dismisses questions, or answers them by another edit, and the visitor asks by keyboard", async ({
  installation,
  owner,
  ownerPage,
  visitor,
}) => {
  const share = await owner.share("keys.pdf", { title: "Asked by keyboard" })
  await lapse(installation, share)
  await visitor.goto(share.url)
  await visitor.keyboard.press("Tab")
  await expect(line(visitor)).toBeFocused()
  await visitor.keyboard.type("Typed alone")
  await visitor.keyboard.press("Tab")
  await visitor.keyboard.press("Enter")
  await expect(visitor.getByText(/^Request sent on/)).toBeVisible()

  await ownerPage.goto(`/shares/${share.id}`)
  await ownerPage.getByRole("button", { name: "Dismiss" }).focus()
  await ownerPage.keyboard.press("Enter")
  await expect(ownerPage.getByText("Typed alone")).toHaveCount(0)
  await expect(ownerPage.getByRole("main")).toBeFocused()
  expect((await owner.readShare(share.id)).status).toBe("expired")

  await visitor.getByText("Add another message").click()
  await line(visitor).fill("Please?")
  await askButton(visitor).click()
  await expect(visitor.getByText(/^Request sent on/)).toBeVisible()
  await ownerPage.reload()
  const questions = ownerPage.getByRole("region", { name: "Someone requested access" })
  await questions.getByRole("button", { name: "Edit…" }).click()
  const dialog = ownerPage.getByRole("dialog", { name: "Asked by keyboard" })
  await dialog.getByLabel("Expires").selectOption({ label: "In 7 days" })
  await dialog.getByRole("button", { name: "Close" }).click()
  await expect(dialog).toBeHidden()
  await expect(questions).toHaveCount(0)
  expect((await owner.readShare(share.id)).status).toBe("open")
})
