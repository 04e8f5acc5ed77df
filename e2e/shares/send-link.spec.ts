import { devices, type Page } from "@playwright/test"
import { aFile, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

const { defaultBrowserType: _, ...PHONE } = devices["Pixel 7"]

/** Gives the browser a share sheet as on a phone, which records the shared data. */
async function giveShareSheet(page: Page) {
  await page.addInitScript(() => {
    const sent: ShareData[] = []
    Object.assign(window, { sent, outcome: "" })
    Object.defineProperty(Navigator.prototype, "share", {
      configurable: true,
      value: async (data: ShareData) => {
        sent.push(data)
        const outcome: unknown = Reflect.get(window, "outcome")
        if (outcome) throw new DOMException("as the test asks for", String(outcome))
      },
    })
  })
}

/** Sets the result of the next share sheet: "AbortError" closes it, "" chooses an app. */
const answerWith = (page: Page, outcome: "" | "AbortError" | "NotAllowedError") =>
  page.evaluate((name) => Object.assign(window, { outcome: name }) && undefined, outcome)

const sentBy = (page: Page) => page.evaluate(() => Reflect.get(window, "sent"))

test("on a phone a member shares a new link with another app, and closing the share sheet is no error; a browser without one has no button for it, which moves nothing else", async ({
  owner,
  ownerPage,
  browse,
}) => {
  const storageState = await owner.context.storageState()
  const page = await browse({ ...PHONE, storageState, permissions: ["clipboard-write"] })
  await giveShareSheet(page)
  const url = await shareByHand(page, [aFile("plan of the quay.pdf")])
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  const send = uploads.getByRole("button", { name: "Send with another app" })
  await send.click()
  expect(await sentBy(page)).toEqual([{ title: "plan of the quay.pdf", url }])
  await answerWith(page, "AbortError")
  await send.click()
  await expect(uploads.getByRole("button", { name: "Copy" })).toBeVisible()
  await expect(uploads.getByRole("alert")).toHaveCount(0)
  // If the browser refuses, the link is copied to the clipboard.
  await answerWith(page, "NotAllowedError")
  await send.click()
  await expect(uploads.getByRole("button", { name: "Copied" })).toBeVisible()

  const { items } = await (await owner.get("/shares?q=plan+of+the+quay")).json()
  const [share] = items
  await owner.patch(`/shares/${share.id}`, { title: "The quay" })
  await page.goto(`/shares/${share.id}`)
  await page.getByRole("button", { name: "Send with another app" }).click()
  expect(await sentBy(page)).toEqual([{ title: "The quay", url }])
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0)

  const other = await owner.share("report.pdf")
  const link = `/shares/${other.id}`
  await ownerPage.goto(link)
  const copyOf = (page: Page) => page.getByRole("button", { name: "Copy link", exact: true })
  await expect(copyOf(ownerPage)).toBeVisible()
  await expect(ownerPage.getByRole("button", { name: "Send with another app" })).toHaveCount(0)
  const before = await copyOf(ownerPage).boundingBox()

  const able = await browse({ storageState: await owner.context.storageState() })
  await giveShareSheet(able)
  await able.goto(link)
  await expect(able.getByRole("button", { name: "Send with another app" })).toBeVisible()
  expect(await copyOf(able).boundingBox()).toEqual(before)
})
