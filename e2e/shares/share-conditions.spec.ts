import { HOUR, inHours, MINUTE, past } from "#testing/units.ts"
import { aFile, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

test("password, limit, start and URL lifetime, set on the row, apply to a visitor", async ({
  owner,
  ownerPage,
  visitor,
  browse,
  installation,
}) => {
  const link = await shareByHand(ownerPage, [aFile("survey.pdf")])
  const dialog = ownerPage.getByRole("dialog")
  const edit = async (chip: string) => {
    await ownerPage.getByRole("button", { name: chip, exact: true }).click()
    await expect(dialog).toBeVisible()
  }
  const save = async () => {
    await dialog.getByRole("button", { name: "Save" }).click()
    await expect(dialog).toBeHidden()
  }
  await ownerPage.getByLabel("Title", { exact: true }).fill("Set by hand")
  await edit("No password")
  const password = dialog.getByLabel("Password")
  const submit = dialog.getByRole("button", { name: "Save" })
  await submit.click()
  await expect(password).toHaveAccessibleDescription(/Fill in this field\.$/)
  await password.pressSequentially("ope")
  await expect(dialog.getByRole("alert")).toHaveCount(0)
  await submit.click()
  await expect(dialog.getByRole("alert")).toHaveText("Enter at least 4 characters.")
  await expect(password).toBeFocused()
  await password.fill("open sesame")
  await save()
  await edit("No download limit")
  await dialog.getByLabel("Maximum downloads").fill("1")
  await save()
  await expect(ownerPage.getByRole("button", { name: "Up to 1 download" })).toBeVisible()
  await edit("More")
  await dialog.getByLabel("Message").fill("Only once, only later.")
  await dialog.getByLabel("Opens", { exact: true }).selectOption("On a specific date")
  const opensAt = new Date(Math.ceil(Date.now() / MINUTE) * MINUTE + 2 * HOUR)
  await dialog.getByLabel(/^Opens at \(/).fill(inKathmandu(opensAt))
  const life = dialog.getByLabel("Each download link works for")
  await expect(life.locator("option")).toHaveText([
    "15 seconds",
    "30 seconds",
    "1 minute",
    "2 minutes",
    "5 minutes",
  ])
  await expect(life.locator("option:checked")).toHaveText("1 minute")
  await life.selectOption("15 seconds")
  await save()

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

test("saving other conditions leaves the password and the URL lifetime unchanged", async ({
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
  if (handle && label) expect(handle.y).toBeGreaterThanOrEqual(label.y + label.height)
  await expect(dialog.getByLabel("Each download link works for")).toHaveValue("keep")
  await dialog.getByLabel("Title").fill("Wholly set")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog).toBeHidden()

  expect(await owner.readShare(share.id)).toMatchObject({
    title: "Wholly set",
    hasPassword: true,
    mintTtlSeconds: 45,
  })
})

test("an end in the past ends the link only once its owner says so, and then the card says that it has expired", async ({
  owner,
  ownerPage: page,
  visitor,
}) => {
  const link = await shareByHand(page, [aFile("past.pdf")])
  const [share] = (await (await owner.get("/shares?limit=1")).json()).items
  const card = page.getByRole("region", { name: "Uploads", exact: true })
  const question = page.getByRole("alertdialog", { name: "End this link now?" })
  const status = async () => (await owner.readShare(share.id)).status
  const anHourAgo = inKathmandu(past())

  await page.getByRole("button", { name: /^Until/ }).click()
  const chip = page.getByRole("dialog", { name: /^When the link/ })
  await chip.getByLabel("On a specific date").fill(anHourAgo)
  await expect(chip.getByRole("slider")).toHaveAttribute("aria-valuetext", "In the past")
  await chip.getByRole("button", { name: "Save" }).click()
  await question.getByRole("button", { name: "Cancel" }).click()
  await expect(chip.getByLabel("On a specific date")).toHaveValue(anHourAgo)
  expect(await status()).toBe("open")
  expect((await visitor.goto(link))?.status()).toBe(200)
  await page.keyboard.press("Escape")
  await expect(chip).toHaveCount(0)

  await page.getByRole("button", { name: "More actions for past.pdf" }).click()
  await page.getByRole("menuitem", { name: "Edit" }).click()
  const dialog = page.getByRole("dialog", { name: "past.pdf" })
  await expect(dialog.getByLabel("Title")).toBeFocused()
  await dialog.locator("[name=expires]").selectOption("at")
  await dialog.locator("[type=datetime-local]").fill(anHourAgo)
  await page.keyboard.press("Enter")
  await page.keyboard.press("Escape")
  await expect(question).toHaveCount(0)
  await expect(dialog.locator("[type=datetime-local]")).toHaveValue(anHourAgo)
  expect(await status()).toBe("open")

  await dialog.getByRole("button", { name: "Save" }).click()
  await question.getByRole("button", { name: "End link" }).click()
  await expect(page.getByRole("dialog")).toHaveCount(0)
  expect(await status()).toBe("expired")
  expect((await visitor.goto(link))?.status()).toBe(410)
  await expect(card.getByText("The link has expired.")).toBeVisible()
  await expect(card.getByText("Link copied to clipboard.")).toHaveCount(0)

  // A link that has expired is edited without a question.
  await card.getByRole("button", { name: "Expired", exact: true }).click()
  await chip.getByLabel("On a specific date").fill(inKathmandu(inHours(-2)))
  await chip.getByRole("button", { name: "Save" }).click()
  await expect(chip).toHaveCount(0)
  await card.getByRole("button", { name: "Expired", exact: true }).click()
  await chip.getByRole("button", { name: "1 day" }).click()
  await expect.poll(status).toBe("open")
})

/** Formats an instant like a date-time input of the browser, whose zone is Asia/Kathmandu. */
function inKathmandu(at: Date) {
  const local = new Date(at.getTime() + 5.75 * HOUR)
  return local.toISOString().slice(0, 16)
}
