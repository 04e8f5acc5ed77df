import { devices } from "@playwright/test"
import { expect, test } from "../fixtures.ts"
import { click, downloadBy, open } from "../network/send-click.ts"

const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0"
const { userAgent: IPHONE } = devices["iPhone 15"]
/** In the time zone of playwright.config.ts. */
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Kathmandu",
  hour: "2-digit",
  minute: "2-digit",
})

test("the owner reads who opened a link and which files they took or did not, with bots in one line; without JavaScript in UTC", async ({
  owner,
  ownerPage,
  browse,
  stranger,
}) => {
  const names = ["report.pdf", "photo.jpg", "plan.pdf"]
  const files = []
  for (const name of names) files.push(await owner.upload(name, Buffer.from(name)))
  const share = await owner.shareFiles(
    files.map(({ id }) => id),
    { title: "Harbour" },
  )

  const began = clock.format(new Date())
  const phone = await browse({ userAgent: IPHONE })
  await phone.goto(share.url)
  for (const name of ["report.pdf", "photo.jpg"]) {
    await (await downloadBy(phone, `Download ${name}`)).path()
  }
  const ended = clock.format(new Date())
  const colleague = await stranger()
  await open(colleague, share, { "User-Agent": WINDOWS, Referer: "https://mail.example.org/inbox" })
  await open(await stranger(), share, { "User-Agent": "Slackbot-LinkExpanding 1.0" })
  const script = await stranger()
  await click(script, share, { "User-Agent": "curl/8.14.1" })

  await ownerPage.goto(`/shares/${share.id}`)
  const receipts = ownerPage.getByRole("region", { name: "Who opened it" })
  const onPhone = receipts.getByText(
    /^Opened on an iPhone at \d\d:\d\d, downloaded 2 of 3 files; didn’t download plan\.pdf\.$/,
  )
  await expect(onPhone).toBeVisible()
  await expect(onPhone).toContainText(new RegExp(`${began}|${ended}`))
  await expect(
    receipts.getByText(/^Opened on a Windows PC at \d\d:\d\d, downloaded nothing\.$/),
  ).toBeVisible()
  await expect(receipts.getByText("Firefox · from mail.example.org")).toBeVisible()
  await expect(
    receipts.getByText(
      /^Accessed with curl at \d\d:\d\d, downloaded 1 of 3 files; didn’t download photo\.jpg and plan\.pdf\.$/,
    ),
  ).toBeVisible()

  const numbers = ownerPage.getByRole("region", { name: "Statistics" })
  for (const number of ["Views2", "Visitors3", "Downloads2", "Previews0", "Bots1"]) {
    await expect(numbers).toContainText(number)
  }
  await expect(
    ownerPage.getByRole("listitem").filter({ hasText: "report.pdf" }).first(),
  ).toContainText("downloaded by 2")

  await expect(ownerPage.getByText("Slackbot", { exact: true })).toBeHidden()
  const bots = ownerPage.getByText("Opened by bots once")
  await bots.focus()
  await ownerPage.keyboard.press("Enter")
  await expect(ownerPage.getByText("Slackbot", { exact: true })).toBeVisible()

  const what = ownerPage.getByText("How these numbers are counted")
  await what.focus()
  await ownerPage.keyboard.press("Space")
  await expect(ownerPage.getByText("Reloading counts again.")).toBeVisible()

  const plain = await browse({
    javaScriptEnabled: false,
    storageState: await owner.context.storageState(),
  })
  await plain.goto(`/shares/${share.id}`)
  await expect(
    plain.getByText(/^Opened on a Windows PC at \d\d:\d\d, downloaded nothing\.$/),
  ).toBeVisible()
  await expect(plain.getByRole("heading", { level: 4, name: / \(UTC\)$/ })).toBeVisible()
  await plain.getByText("All events").click()
  await expect(plain.getByRole("listitem").getByText("Firefox on Windows").first()).toBeVisible()
})
