import { expect, test } from "./fixtures.ts"
import { downloadBy } from "./send-click.ts"
import { aFile, shareByHand } from "./share-a-file.ts"

const HOUR = 3_600_000

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
  const done = async () => {
    await dialog.getByRole("button", { name: "Done" }).click()
    await expect(dialog).toBeHidden()
  }
  await ownerPage.getByLabel("Title", { exact: true }).fill("Set by hand")
  await edit("No password")
  await dialog.getByLabel("Password").fill("open sesame")
  await done()
  await edit("No download limit")
  await dialog.getByLabel("Maximum downloads").fill("1")
  await done()
  await expect(ownerPage.getByRole("button", { name: "Up to 1 download" })).toBeVisible()
  await edit("More")
  await dialog.getByLabel("Message").fill("Only once, only later.")
  await dialog.getByLabel("Opens", { exact: true }).selectOption("On a specific date")
  const opensAt = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 2 * HOUR)
  await dialog.getByLabel(/^Opens at \(/).fill(inKathmandu(opensAt))
  const life = dialog.getByLabel("Download links work for")
  await expect(life.locator("option")).toHaveText([
    "15 seconds",
    "30 seconds",
    "1 minute",
    "2 minutes",
    "5 minutes",
  ])
  await expect(life.locator("option:checked")).toHaveText("1 minute")
  await life.selectOption("15 seconds")
  await done()

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
  await expect(ownerPage.getByText("Work for 45 seconds")).toBeVisible()
  await ownerPage.getByRole("button", { name: "Edit" }).click()
  const dialog = ownerPage.getByRole("dialog", { name: "Half set" })
  await expect(dialog.getByLabel("Download links work for")).toHaveValue("keep")
  await dialog.getByLabel("Title").fill("Wholly set")
  await dialog.getByRole("button", { name: "Save" }).click()
  await expect(dialog).toBeHidden()

  expect(await owner.readShare(share.id)).toMatchObject({
    title: "Wholly set",
    hasPassword: true,
    mintTtlSeconds: 45,
  })
})

/** Formats an instant like a date-time input of the browser, whose zone is Asia/Kathmandu. */
function inKathmandu(at: Date) {
  const local = new Date(at.getTime() + 5.75 * HOUR)
  return local.toISOString().slice(0, 16)
}
