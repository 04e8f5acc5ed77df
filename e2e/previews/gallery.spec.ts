import { expectNoViolations } from "../browser/axe.ts"
import { lookAt } from "../browser/look-at.ts"
import { png } from "../files/make-files.ts"
import { shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

const NAMES = ["quay.png", "ferry.png", "mole.png", "a very long name of a picture at low tide.png"]

test("a share of pictures opens as a gallery, whose pictures open the viewer and download with one press, also without JavaScript", async ({
  ownerPage,
  owner,
  visitor,
  plainVisitor,
  installation,
  stranger,
}) => {
  const buffer = png(640, 480)
  const files = NAMES.map((name) => ({ name, mimeType: "image/png", buffer }))
  const link = await shareByHand(ownerPage, files)
  await expect
    .poll(async () => {
      const [row] = await installation.query<{ count: string }>(
        "SELECT count(*) FROM file WHERE name = ANY($1) AND thumbnail_key IS NOT NULL",
        [NAMES],
      )
      return Number(row?.count)
    })
    .toBe(NAMES.length)

  for (const page of [visitor, plainVisitor]) {
    await page.goto(link)
    const tiles = page.locator("#files .file-tile")
    await expect(tiles).toHaveCount(NAMES.length)
    for (const name of NAMES) await expect(tiles.filter({ hasText: name })).toBeVisible()
    for (const image of await tiles.locator("img").all()) {
      await image.scrollIntoViewIfNeeded()
      await expect(image).toHaveJSProperty("naturalWidth", 256)
      expect(await image.getAttribute("loading")).toBe("lazy")
    }
    const [first, second] = [await tiles.first().boundingBox(), await tiles.nth(1).boundingBox()]
    expect(second?.y).toBe(first?.y)
    const download = await downloadBy(page, "Download ferry.png")
    expect(download.suggestedFilename()).toBe("ferry.png")
  }
  const plainLink = plainVisitor.getByRole("link", { name: "Preview mole.png" })
  expect(
    (await plainVisitor.request.get((await plainLink.getAttribute("href")) ?? "")).status(),
  ).toBe(200)

  await expectNoViolations(visitor, "a gallery")
  const viewer = await lookAt(visitor, "quay.png")
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 640)
  await visitor.keyboard.press("Escape")
  await visitor.getByRole("button", { name: "Select files" }).click()
  await visitor.getByRole("checkbox", { name: /ferry\.png/ }).check()
  await expect(visitor.getByText("1 file selected")).toBeVisible()

  const bot = await stranger()
  const page = await bot.get(link, { headers: { "User-Agent": "Slackbot-LinkExpanding 1.0" } })
  expect(await page.text()).not.toContain("file-tile")
  const { items } = await (await owner.get("/shares?q=quay.png")).json()
  await owner.patch(`/shares/${items[0].id}`, { preview: false })
  await visitor.goto(link)
  await expect(visitor.locator("#files .file-row")).toHaveCount(NAMES.length)
  await expect(visitor.locator("#files img")).toHaveCount(0)
})
