import { devices } from "@playwright/test"
import { sideways } from "../browser/widths.ts"
import { aFile, closeDrop, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

const { defaultBrowserType: _, ...PHONE } = devices["Pixel 7"]
const SMALL = { ...PHONE, viewport: { width: 360, height: 640 } }

test("on a phone a visitor sees sender, content, expiry and button without scrolling", async ({
  owner,
  browse,
}) => {
  const share = await owner.share("harbour-survey-final-drawings-revision-c.pdf", {
    title: "Harbour survey, final drawings",
    message: "Everything you asked for on Thursday. The point cloud is big, start it before lunch.",
    maxDownloads: 5,
  })
  const visitor = await browse(SMALL)
  await visitor.goto(share.url)

  for (const seen of [
    visitor.getByText("Nora North sent you"),
    visitor.getByRole("heading", { name: "Harbour survey, final drawings" }),
    visitor.getByText(/^Expires in/),
    visitor.getByRole("button", { name: /^Download/ }),
  ]) {
    await expect(seen).toBeInViewport({ ratio: 1 })
  }
  expect(await sideways(visitor)).toBe(0)
  await (await downloadBy(visitor, /^Download/)).path()
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1, downloads: 1 })
})

test("on a phone a member shares a file, views the share and revokes it; lists begin high and are selected on demand", async ({
  join,
  browse,
}) => {
  // Unfinished uploads of other stories would be above the lists of `owner`.
  const owner = await join("Fenna Phone")
  const page = await browse({ ...SMALL, storageState: await owner.context.storageState() })
  const link = await shareByHand(page, [aFile("from-my-phone.pdf")])
  expect(await sideways(page)).toBe(0)
  await closeDrop(page)

  const row = page.getByRole("listitem").filter({ hasText: "from-my-phone.pdf" })
  await row.getByRole("link").click()
  await page.waitForURL("**/shares/*-*")
  expect(await sideways(page)).toBe(0)
  await page.getByRole("button", { name: "Revoke…" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(page.getByText(/You revoked this share on/)).toBeVisible()
  expect((await page.request.get(link)).status()).toBe(410)

  const select = page.getByRole("button", { name: "Select", exact: true })
  for (const [path, name] of [
    ["/shares", "Shares"],
    ["/files", "Files"],
  ] as const) {
    await page.goto(path)
    const first = page.getByRole("list", { name }).getByRole("listitem").first()
    expect((await first.boundingBox())?.y, path).toBeLessThan(310)
    const sort = await page.getByRole("combobox", { name: "Sort by" }).boundingBox()
    expect((await select.boundingBox())?.y, path).toBe(sort?.y)
    await expect(page.getByRole("checkbox")).toHaveCount(0)
    await select.tap()
    await expect(first.getByRole("checkbox")).toBeVisible()
  }
  await expect(page.getByRole("button", { name: "Share from-my-phone.pdf" })).toBeVisible()

  const long = await owner.share(`${"a-name-that-nobody-shortened-".repeat(5)}.pdf`)
  for (const path of ["/shares", `/shares/${long.id}`, "/files", "/settings"]) {
    await page.goto(path)
    expect(await sideways(page), path).toBe(0)
  }
})

test("on a phone a deep folder with long names stays within the screen, for member and visitor", async ({
  owner,
  browse,
}) => {
  const long = "a_name_without_any_space_that_is_longer_than_a_phone_is_wide".repeat(3)
  const ids: string[] = []
  for (const path of ["", long, `${long}/b/c/d/e/f/g`, "a folder/another folder/and one more"]) {
    const begun = await owner.post("/files", { name: `${long}.tiff`, path, size: 1 })
    ids.push((await begun.json()).file.id)
  }
  const share = await owner.shareFiles(ids, { title: "Deep" })
  const page = await browse({ ...SMALL, storageState: await owner.context.storageState() })
  for (const url of [share.url, `/shares/${share.id}`, "/files"]) {
    await page.goto(url)
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
    expect(await sideways(page), url).toBe(0)
  }
})
