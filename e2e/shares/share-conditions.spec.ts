import { HOUR, inHours, MINUTE, past } from "#testing/units.ts"
import { aFile, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

// A setting that is saved while another one is being saved is sent again on the new version.
test.use({ allowed: [/status of 409/] })

test("password, limit, start and URL lifetime, set on the row, apply to a visitor", async ({
  owner,
  ownerPage,
  visitor,
  browse,
  installation,
}) => {
  const link = await shareByHand(ownerPage, [aFile("soundings.pdf")])
  const card = ownerPage.getByRole("region", { name: "Uploads", exact: true })
  await ownerPage.getByLabel("Title", { exact: true }).fill("Set by hand")
  await card.getByRole("button", { name: "Settings" }).click()
  await card.getByRole("button", { name: "Set…" }).click()
  await card.getByLabel("Password").fill("open sesame")
  await card.getByRole("button", { name: "Set", exact: true }).click()
  await expect(card.getByText("Password", { exact: true }).first()).toBeVisible()
  await card.getByLabel("Download limit").fill("1")
  await card.getByLabel("Message").fill("Only once, only later.")
  await expect(card.locator("[data-setting=limit]").getByText("Saved")).toBeVisible()
  await card.getByLabel("Opens", { exact: true }).selectOption("On a specific date")
  const opensAt = new Date(Math.ceil(Date.now() / MINUTE) * MINUTE + 2 * HOUR)
  await card.getByLabel(/^Opens at \(/).fill(inKathmandu(opensAt))
  await card.getByText("More settings").click()
  const life = card.getByLabel("Each download link works for")
  await expect(life.locator("option")).toHaveText([
    "15 seconds",
    "30 seconds",
    "1 minute",
    "2 minutes",
    "5 minutes",
  ])
  await expect(life.locator("option:checked")).toHaveText("1 minute")
  await life.selectOption("15 seconds")
  await expect(card.getByRole("status").filter({ hasText: /^Saved$/ })).toHaveCount(5)

  const { items } = await (await owner.get("/shares?q=Set+by+hand")).json()
  expect(items[0]).toMatchObject({
    status: "scheduled",
    startsAt: opensAt.toISOString(),
    hasPassword: true,
    maxDownloads: 1,
    mintTtlSeconds: 15,
    message: "Only once, only later.",
  })

  await visitor.goto(link)
  await expect(visitor.getByLabel("Password")).toHaveCount(0)
  await expect(visitor.getByRole("button", { name: /^Download/ })).toHaveCount(0)
  await installation.query("UPDATE share SET starts_at = now() WHERE id = $1", [items[0].id])

  await visitor.goto(link)
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(visitor.getByText("Only once, only later.")).toBeVisible()
  const minted = visitor.waitForRequest(/X-Amz-Signature=/)
  const download = await downloadBy(visitor, /^Download/)
  expect(await download.failure()).toBeNull()
  expect(new URL((await minted).url()).searchParams.get("X-Amz-Expires")).toBe("15")

  const late = await browse()
  expect((await late.goto(link))?.status()).toBe(410)
  await expect(late.getByRole("heading", { name: "No downloads left" })).toBeVisible()
})

test("saving another setting leaves the password and the URL lifetime unchanged", async ({
  owner,
  ownerPage,
}) => {
  const share = await owner.share("plan.pdf", {
    title: "Half set",
    password: "open sesame",
    mintTtlSeconds: 45,
  })
  await ownerPage.goto(`/shares/${share.id}`)
  await expect(ownerPage.getByText("45 seconds", { exact: true })).toBeVisible()
  await ownerPage.getByRole("button", { name: "Edit" }).click()
  const dialog = ownerPage.getByRole("dialog", { name: "Half set" })
  const handle = await dialog.getByRole("slider").locator("span").boundingBox()
  const label = await dialog.getByText("Expires", { exact: true }).boundingBox()
  if (handle && label) expect(handle.x).toBeGreaterThanOrEqual(label.x + label.width)
  await expect(dialog.getByLabel("Each download link works for")).toHaveValue("keep")
  await dialog.getByLabel("Title").fill("Wholly set")
  await dialog.getByRole("button", { name: "Close" }).click()
  await expect(dialog).toBeHidden()

  expect(await owner.readShare(share.id)).toMatchObject({
    title: "Wholly set",
    hasPassword: true,
    mintTtlSeconds: 45,
  })
})

test("the card of a link that has ended says so, and its end is set without a question", async ({
  owner,
  ownerPage: page,
  visitor,
}) => {
  const link = await shareByHand(page, [aFile("past.pdf")])
  const [share] = (await (await owner.get("/shares?limit=1")).json()).items
  const card = page.getByRole("region", { name: "Uploads", exact: true })
  const question = page.getByRole("alertdialog", { name: "End this link now?" })
  const status = async () => (await owner.readShare(share.id)).status
  await card.getByRole("button", { name: "Settings" }).click()
  const expires = card.getByLabel("Expires", { exact: true })
  await expires.selectOption("at")
  await card.getByLabel(/^Expires at/).fill(inKathmandu(past()))
  await question.getByRole("button", { name: "End link" }).click()
  await expect(card.getByText("The link has expired.")).toBeVisible()
  await expect(card.getByText("Link copied to clipboard.")).toHaveCount(0)
  expect(await status()).toBe("expired")
  expect((await visitor.goto(link))?.status()).toBe(410)

  await expires.selectOption("at")
  await card.getByLabel(/^Expires at/).fill(inKathmandu(inHours(-2)))
  await card.getByLabel(/^Expires at/).press("Tab")
  await expect(question).toHaveCount(0)
  await expires.selectOption({ label: "In 1 day" })
  await expect.poll(status).toBe("open")
})

/** Formats an instant like a date-time input of the browser, whose zone is Asia/Kathmandu. */
function inKathmandu(at: Date) {
  const local = new Date(at.getTime() + 5.75 * HOUR)
  return local.toISOString().slice(0, 16)
}
