import type { Page } from "@playwright/test"
import { lookAt } from "../browser/look-at.ts"
import { png } from "../files/make-files.ts"
import { pdf } from "../files/make-pdf.ts"
import { shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

// The answer to a kept URL after the cut off, and requests that a story aborts.
test.use({ allowed: [/status of 403|net::ERR_FAILED/] })

test("images have thumbnails in the list, which end with a cut off and are missing in a limited link", async ({
  ownerPage,
  owner,
  visitor,
  installation,
}) => {
  const picture = { name: "jetty.png", mimeType: "image/png", buffer: png(640, 480) }
  const sendPreviews = await holdCalls(ownerPage, "**/thumbnail/complete")
  const link = await shareByHand(ownerPage, [picture, { ...picture, name: "dinghy.png" }])
  const uploads = ownerPage.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText("Preparing previews…")).toBeVisible()
  await expect(uploads.getByText("Upload complete")).toHaveCount(0)
  sendPreviews()
  await expect(uploads.getByText("Upload complete")).toBeVisible()
  await expect
    .poll(async () => {
      const [row] = await installation.query<{ count: string }>(
        "SELECT count(*) FROM file WHERE name IN ('jetty.png', 'dinghy.png') AND thumbnail_key IS NOT NULL",
      )
      return Number(row?.count)
    })
    .toBe(2)

  const asked: string[] = []
  visitor.on("request", (request) => {
    if (request.redirectedFrom()?.url().includes("/t/")) asked.push(request.url())
  })
  await visitor.goto(link)
  const images = visitor.locator("#files img")
  await expect(images).toHaveCount(2)
  for (const image of await images.all()) await expect(image).toHaveJSProperty("naturalWidth", 256)
  const [kept = ""] = asked
  expect((await fetch(kept)).headers.get("content-type")).toBe("image/webp")

  // The viewer shows the thumbnail until the image is loaded.
  const release = await holdCalls(visitor, `${installation.storeUrl}/**`)
  const viewer = await lookAt(visitor, "jetty.png")
  const small = viewer.locator(".viewer-placeholder")
  await expect(small).toHaveJSProperty("width", 256)
  release()
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 640)
  await expect(small).toHaveCount(0)
  expect(asked).toHaveLength(2)
  await visitor.keyboard.press("Escape")

  const { items } = await (await owner.get("/shares?q=jetty.png")).json()
  const share = await owner.readShare(items[0].id)
  expect(share).toMatchObject({ downloads: 0, previews: 1, views: 1 })
  const [file] = share.files
  expect((await owner.post(`/files/${file?.id}/cut-off`)).status()).toBe(202)
  await expect.poll(async () => Promise.all(asked.map(statusOf))).toContain(403)

  await owner.patch(`/shares/${share.id}`, { maxDownloads: 5 })
  await visitor.goto(link)
  await expect(visitor.locator("#files li")).toHaveCount(2)
  await expect(images).toHaveCount(0)
})

test("thumbnails that a closed tab left out are made at the owner's next visit; a picture that cannot be shown has the mark of its kind, also for a client that is taken for a bot", async ({
  ownerPage,
  browse,
  installation,
}) => {
  await ownerPage.route("**/thumbnail", (route) => route.abort())
  const buffer = png(640, 480)
  await shareByHand(ownerPage, [{ name: "mooring.png", mimeType: "image/png", buffer }])
  const withThumbnail = () =>
    installation.query(
      "SELECT name FROM file WHERE name = 'mooring.png' AND thumbnail_key IS NOT NULL",
    )
  const uploads = ownerPage.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText("Upload complete")).toBeVisible()
  expect(await withThumbnail()).toEqual([])

  // The page would draw it now, and a browser tries no picture again during which a page ended.
  await ownerPage.goto("about:blank")
  await installation.query(
    "UPDATE file SET ready_at = ready_at - interval '1 minute' WHERE name = 'mooring.png'",
  )
  await ownerPage.unroute("**/thumbnail")
  await ownerPage.goto("/settings")
  await expect.poll(withThumbnail, { timeout: 20_000 }).toEqual([{ name: "mooring.png" }])

  const readable = { name: "pontoon.png", mimeType: "image/png", buffer: png(640, 480) }
  const broken = { name: "hull.png", mimeType: "text/plain", buffer: Buffer.from("no picture") }
  const link = await shareByHand(ownerPage, [readable, broken])
  await expect
    .poll(() =>
      installation.query(
        "SELECT name FROM file WHERE name IN ('pontoon.png', 'hull.png') AND thumbnail_key IS NOT NULL",
      ),
    )
    .toEqual([{ name: "pontoon.png" }])

  const visitor = await browse({
    userAgent:
      "Mozilla/5.0 (compatible; Slackbot-LinkExpanding 1.0; +https://api.slack.com/robots)",
  })
  const refused = visitor.waitForResponse((answer) => answer.url().includes("/t/"))
  await visitor.goto(link)
  expect((await refused).status()).toBe(403)
  const picture = visitor.locator("#files li > img")
  const withMark = await picture.screenshot()
  await picture.evaluate((element) => element.removeAttribute("data-type"))
  expect((await picture.screenshot()).equals(withMark), "the mark is drawn").toBe(false)
})

test("one PDF fills the page of its link with its first page; a damaged one keeps the mark of its kind", async ({
  ownerPage,
  browse,
  installation,
}) => {
  const whole = { name: "chart.pdf", mimeType: "application/pdf", buffer: pdf("Harbour chart") }
  const damaged = { ...whole, name: "wreck.pdf", buffer: Buffer.from("%PDF-1.7\nno pages") }
  const links: string[] = []
  for (const file of [damaged, whole]) links.push(await shareByHand(ownerPage, [file]))
  await expect
    .poll(() =>
      installation.query(
        "SELECT name FROM file WHERE name IN ('chart.pdf', 'wreck.pdf') AND thumbnail_key IS NOT NULL",
      ),
    )
    .toEqual([{ name: "chart.pdf" }])
  await expect(ownerPage.locator("iframe")).toHaveCount(0)

  const [withMark = "", withPage = ""] = links
  const visitor = await browse()
  await visitor.goto(withPage)
  const page = visitor.locator("#files img")
  await expect(page).toHaveJSProperty("naturalHeight", 512)
  expect(await page.evaluate(inkOf), "the page has its text, on white").toMatchObject({
    dark: true,
    light: true,
  })
  await visitor.goto(withMark)
  await expect(visitor.locator("#files b")).toHaveText("PDF")
  await expect(visitor.locator("#files img")).toHaveCount(0)
})

/** Whether a picture has dark and light pixels. */
async function inkOf(image: HTMLElement | SVGElement) {
  const { src } = image as HTMLImageElement
  const bitmap = await createImageBitmap(await (await fetch(src)).blob())
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext("2d")
  context?.drawImage(bitmap, 0, 0)
  const { data } = context?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] }
  const reds = Array.from(data).filter((_, at) => at % 4 === 0)
  return { dark: reds.some((red) => red < 100), light: reds.some((red) => red > 240) }
}

/** Holds the page's requests to these addresses until the returned function is called. */
async function holdCalls(page: Page, url: string) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route(url, async (route) => {
    await released
    await route.continue()
  })
  return release
}

const statusOf = async (url: string) => (await fetch(url)).status
