import { type BrowserContextOptions, devices, expect, type Page } from "@playwright/test"
import {
  CA_FILE,
  headersOf,
  startMailServer,
  type TakenMail,
  textsOf,
} from "../../testing/mail/mail-server.ts"
import { expectNoViolations } from "../browser/axe.ts"
import { ADMIN, test as base } from "../installation/own-installation.ts"
import { postCredentials, signInClient } from "../member-client.ts"

const PASSWORD = "a window on the harbour"
const NEW = "an entirely different sentence"

type MailServer = Awaited<ReturnType<typeof startMailServer>>

/** For stories on an installation that sends mail by a server on this machine. */
const test = base.extend<{ mailServer: MailServer }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures from the pattern
  mailServer: async ({}, use) => {
    const server = await startMailServer({
      security: "starttls",
      onRecipient: (address) =>
        address.startsWith("gone") ? "550 5.1.1 Mailbox unavailable" : undefined,
    })
    await use(server)
    await server.close()
  },
  settings: async ({ mailServer }, use) =>
    use({
      SMTP_URL: `smtp://localhost:${mailServer.port}`,
      CA_FILE,
      MAIL_FROM: "lapse@example.org",
    }),
})

/** Waits for a mail to this address, and returns its text. */
async function textTo(mails: TakenMail[], address: string, index = 0) {
  const found = () => mails.filter(({ to }) => to.includes(address))[index]
  await expect.poll(found, { timeout: 20_000 }).toBeTruthy()
  const mail = found()
  if (!mail) throw new Error("it arrived")
  expect(mail.encrypted).toBe(true)
  return { ...textsOf(mail), headers: headersOf(mail) }
}

const linkIn = (text: string, path: string) =>
  new RegExp(`http\\S+/${path}/[\\w.-]+`).exec(text)?.[0] ?? ""

const withoutScript: BrowserContextOptions = { javaScriptEnabled: false }

test("an admin tries the mail server, previews a pasted list, sees what it refuses, and the invited person joins; a member who forgot the password gets a link by mail, which works once and ends all sessions", async ({
  own,
  member,
  memberPage,
  newPage,
  mailServer,
}) => {
  await test.step("an invitation and a notice", async () => {
    const page = memberPage
    await page.goto("/admin/settings/mail")
    await page.getByRole("button", { name: `Send a test to ${ADMIN.email}` }).click()
    await expect(page.getByText("accepted the test: “250 queued as TEST”")).toBeVisible()

    await page.goto("/admin/members")
    await page.getByRole("button", { name: "Invite members" }).click()
    const dialog = page.getByRole("dialog")
    await dialog
      .getByLabel("Email")
      .fill(
        `"Invited, Ivy" <ivy@example.org>, gone@example.org\n${ADMIN.email}; somebody; jürgen@example.org`,
      )
    await dialog.getByRole("button", { name: "Continue" }).click()
    await expect(dialog.getByRole("heading", { name: "Invite 2 people?" })).toBeVisible()
    await expect(dialog.getByText("Skipped: already a member")).toBeVisible()
    await expect(dialog.getByText("Skipped: not an email address")).toHaveCount(2)
    await expect(dialog.getByText("can’t have “ü” before the @")).toBeVisible()
    await dialog.getByRole("button", { name: "Back" }).click()
    await expect(dialog.getByLabel("Email")).toHaveValue(/^"Invited, Ivy" <ivy@example\.org>/)
    await dialog.getByRole("button", { name: "Continue" }).click()
    await dialog.getByRole("button", { name: "Send 2 invitations" }).click()
    await dialog.getByRole("button", { name: "Done" }).click()
    await expect(page.getByText("response: “550 5.1.1 Mailbox unavailable”")).toBeVisible()
    await expect(page.getByText("Sent by mail")).toBeVisible()

    const mail = await textTo(mailServer.mails, "ivy@example.org")
    expect(mail.headers.get("reply-to")).toContain(ADMIN.email)
    const ivy = await newPage()
    await ivy.goto(linkIn(mail.plain, "invite"))
    await expect(ivy.getByLabel("Name")).toHaveValue("Ivy Invited")
    await ivy.getByLabel("Password").fill(PASSWORD)
    await ivy.getByRole("button", { name: "Join and sign in" }).click()
    await ivy.waitForURL("**/shares")

    const client = await signInClient(own.url, { email: "ivy@example.org", password: PASSWORD })
    await client.share("plan.pdf", { title: "Plans" })
    await own.query(
      "INSERT INTO rollup (name, until) VALUES ('notices', now() - interval '1 hour')",
    )
    await own.query(
      `INSERT INTO event (at, share_id, kind)
       SELECT now() - interval '2 minutes', id, 'claim' FROM share WHERE title = 'Plans'`,
    )
    await own.query("SELECT graphile_worker.add_job('sendNotices', '{}')")
    const notice = await textTo(mailServer.mails, "ivy@example.org", 1)
    expect(notice.plain).toContain("“Plans” was downloaded for the first time")
    const plain = await newPage(withoutScript)
    await plain.goto(linkIn(notice.plain, "notices"))
    await expectNoViolations(await opened(newPage, plain.url()), "/notices")
    await plain.getByRole("button", { name: "Stop all notifications" }).click()
    await expect(plain.getByRole("heading", { name: "Notifications are off" })).toBeVisible()

    await ivy.goto("/settings")
    const notices = ivy.getByRole("switch", { name: "Send notifications to ivy@example.org" })
    await expect(notices).not.toBeChecked()
    await notices.check()
    await expect(ivy.getByText("Notifications are on.")).toBeVisible()
    const address = /<(\S+)>/.exec(notice.headers.get("list-unsubscribe") ?? "")?.[1] ?? ""
    const oneClick = await (await newPage()).request.post(address, {
      multipart: { "List-Unsubscribe": "One-Click" },
      maxRedirects: 0,
    })
    expect(oneClick.status()).toBe(200)
    await ivy.reload()
    await expect(notices).not.toBeChecked()
    await client.context.dispose()
  })
  await test.step("a forgotten password", async () => {
    const before = mailServer.mails.length
    // The test of the mail server went to the same address.
    const earlier = mailServer.mails.filter(({ to }) => to.includes(ADMIN.email)).length
    const page = await newPage()
    await page.goto("/sign-in")
    await page.getByRole("link", { name: "Forgot your password?" }).click()
    await page.waitForURL("**/forgot")
    await expectNoViolations(page, "/forgot")
    await page.getByLabel("Email").fill(ADMIN.email)
    await page.getByRole("button", { name: "Send link" }).click()
    await expect(page.getByRole("heading", { name: "Check your email" })).toBeVisible()
    const plain = await newPage(withoutScript)
    await plain.goto("/forgot")
    // Otherwise the browser itself would refuse it.
    await plain.locator("form").evaluate((form: HTMLFormElement) => {
      form.noValidate = true
    })
    await plain.getByLabel("Email").fill("jürgen@example.org")
    await plain.getByRole("button", { name: "Send link" }).click()
    await expect(plain.getByText("can’t have “ü” before the @")).toBeVisible()
    await plain.getByLabel("Email").fill("nobody@example.org")
    await plain.getByRole("button", { name: "Send link" }).click()
    await expect(plain.getByRole("heading", { name: "Check your email" })).toBeVisible()

    const mail = await textTo(mailServer.mails, ADMIN.email, earlier)
    const link = linkIn(mail.plain, "reset")
    expect(link).toMatch(new RegExp(`^${own.url}/reset/`))
    await page.goto(link)
    await page.getByLabel("New password").fill(NEW)
    await page.getByRole("button", { name: "Save and sign in" }).click()
    await page.waitForURL("**/shares")
    expect((await member.get("/me")).status()).toBe(401)
    expect((await plain.goto(link))?.status()).toBe(410)
    await expect(plain.getByText("This link is no longer valid")).toBeVisible()
    const again = await postCredentials((await newPage()).request, { ...ADMIN, password: NEW })
    expect(again.status()).toBe(200)
    // The link, and the notice that the password changed.
    const toAdmin = () => mailServer.mails.slice(before).map(({ to }) => to)
    await expect.poll(toAdmin).toEqual([[ADMIN.email], [ADMIN.email]])
    expect(own.lines().join("\n")).not.toContain(link.split("/").at(-1))
  })
})

test("a link that only its recipient opens: it comes by mail and asks for a code, and the share's page says who downloaded", async ({
  member,
  memberPage: page,
  newPage,
  mailServer,
}) => {
  test.setTimeout(120_000)
  const { id } = await member.share("survey.pdf", { title: "Harbour survey" })
  const people = page.getByRole("region", { name: /^(Recipients|Sent to)/ })
  const rowOf = (name: string) => people.getByRole("listitem").filter({ hasText: name })
  const ottos =
    await test.step("the owner sends it to two, and a mistyped address stays in the form", async () => {
      await page.goto(`/shares/${id}`)
      await people.getByRole("button", { name: "Send to…" }).click()
      const dialog = page.getByRole("dialog")
      const to = dialog.getByLabel("Names and addresses")
      await to.fill("Phone, Pia <pia@example.org>; gone@example.org\nnobody@")
      await dialog.getByLabel("Message").fill("As discussed.")
      await dialog.getByLabel("Ask for a code").click()
      await dialog.getByRole("button", { name: "Send", exact: true }).click()
      await expect(dialog.getByText("2 people were sent the link.")).toBeVisible()
      await expect(to).toHaveValue("nobody@")
      await expect(dialog.getByText(/^nobody@: Enter/)).toBeVisible()
      await expectNoViolations(page, "the form of recipients")
      await to.fill("Otto Brandt")
      await dialog.getByLabel("Ask for a code").click()
      await dialog.getByRole("button", { name: "Send", exact: true }).click()
      await expect(dialog.getByRole("heading", { name: "Sent to 3 people" })).toBeVisible()
      await expect(dialog.getByLabel("Otto Brandt")).toHaveValue(/\/s\//)
      const url = await dialog.getByLabel("Otto Brandt").inputValue()
      await dialog.getByRole("button", { name: "Done" }).click()
      await expect(rowOf("Pia Phone")).toContainText("Not opened")
      await expect(rowOf("gone@example.org")).toContainText("Mail refused", { timeout: 20_000 })
      await expect(rowOf("gone@example.org")).toContainText("550 5.1.1 Mailbox unavailable")
      return url
    })
  const link = await test.step("the recipient proves the address and downloads", async () => {
    const mail = await textTo(mailServer.mails, "pia@example.org")
    expect(mail.plain).toContain("As discussed.")
    expect(mail.headers.get("reply-to")).toContain(ADMIN.email)
    const url = linkIn(mail.plain, "s")
    const pia = await newPage(withoutScript)
    await pia.goto(url)
    await expect(pia.getByText("survey.pdf")).toHaveCount(0)
    await pia.getByRole("button", { name: "Send the code" }).click()
    const code = /\b\d{6}\b/.exec((await textTo(mailServer.mails, "pia@example.org", 1)).plain)
    await pia.getByLabel("Code").fill(code?.[0] === "000000" ? "000001" : "000000")
    await pia.getByRole("button", { name: /^Open/ }).click()
    await expect(pia.getByText("This code is wrong or no longer works.")).toBeVisible()
    await pia.getByLabel("Code").fill(code?.[0] ?? "")
    await pia.getByRole("button", { name: /^Open/ }).click()
    const download = pia.waitForEvent("download")
    await pia.getByRole("button", { name: "Download", exact: true }).click()
    await (await download).path()
    return url
  })
  await test.step("the page says who downloaded, and the link for anyone is off and on", async () => {
    await page.reload()
    await expect(rowOf("Pia Phone")).toContainText("Downloaded")
    await expect(page.getByRole("region", { name: "Who opened it" })).toContainText("Pia Phone")
    await expectNoViolations(page, "the recipients of a share")
    const anyone = page.getByRole("switch", { name: "Anyone with the link" })
    await anyone.click()
    await expect(page.getByText("Only by these links")).toBeVisible()
    await expect(anyone).not.toBeChecked()
    await anyone.click()
    await expect(page.getByRole("button", { name: "Copy link" })).toBeVisible()
    await expect(anyone).toBeChecked()
  })
  await test.step("a link that was passed on says so from the third browser of a day", async () => {
    const passedOn = rowOf("Otto").getByText("Opened from 3 browsers or networks today")
    for (const device of ["iPhone 15", "Pixel 7", "Desktop Firefox"]) {
      await page.reload()
      await expect(rowOf("Otto")).toBeVisible()
      await expect(passedOn).toHaveCount(0)
      const reader = await newPage(devices[device])
      await reader.goto(ottos)
      await expect(reader.getByText("survey.pdf")).toBeVisible()
    }
    await expect(async () => {
      await page.reload()
      await expect(passedOn).toBeVisible({ timeout: 2_000 })
    }).toPass()
  })
  await test.step("the owner revokes one link, and erases one recipient", async () => {
    await rowOf("Pia Phone")
      .getByRole("button", { name: /^More actions/ })
      .click()
    await page.getByRole("menuitem", { name: "Revoke…" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke", exact: true }).click()
    await expect(rowOf("Pia Phone")).toContainText("Revoked")
    expect((await (await newPage()).request.get(link)).status()).toBe(410)
    await rowOf("Otto")
      .getByRole("button", { name: /^More actions/ })
      .click()
    await page.getByRole("menuitem", { name: "Erase…" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Erase" }).click()
    await expect(rowOf("Erased")).toBeVisible()
    await expect(rowOf("Otto")).toHaveCount(0)
  })
})

async function opened(newPage: () => Promise<Page>, url: string) {
  const page = await newPage()
  await page.goto(url)
  return page
}
