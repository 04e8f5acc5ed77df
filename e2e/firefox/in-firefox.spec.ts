import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import type { Page } from "puppeteer-core"
import { png } from "../files/make-files.ts"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test as shared } from "../fixtures.ts"
import type { Installation } from "../installation/start-installation.ts"
import { button, byRole, expectText, test as inFirefox, withoutFirefox } from "./firefox.ts"

const test = mergeTests(shared, inFirefox)

// The stories are in one file, so that they share an installation and a Firefox.
test.skip(...withoutFirefox)

test("in Firefox a member signs in, chooses a file and drops a picture, and a stranger downloads every byte of both", async ({
  installation,
  owner,
  person,
}, testInfo) => {
  test.setTimeout(120_000)
  const name = "räksmörgås & 図面.laz"
  // Large enough to be uploaded in parts.
  const bytes = randomBytes(20 * 1024 ** 2)
  const file = testInfo.outputPath(name)
  fs.writeFileSync(file, bytes)

  const { page } = await person()
  await page.goto(`${installation.url}/sign-in`)
  await byRole(page, "textbox", "Email").fill(owner.email)
  await page.locator("input[type=password]").fill(owner.password)
  await byRole(page, "button", "Sign in").click()
  const chosen = page.waitForFileChooser()
  await page.locator("input[type=file][multiple]").click()
  await (await chosen).accept([file])
  await expectText(page, "Uploaded")
  const picture = png(900, 600)
  await drop(page, "lighthouse.png", picture)
  // A row outside of the viewport has no text.
  await expectText(page, /2 files uploaded/)
  await expect.poll(() => thumbnails(installation)).toBe(1)
  // Each upload has its link at once; the latest is on top.
  const links = await page.$$eval("input[readonly]", (fields) =>
    fields.flatMap(({ value }) => (value.includes("/s/") ? [value] : [])),
  )
  expect(links).toHaveLength(2)
  const [pictureLink = "", link = ""] = links

  const { page: visitor, downloaded } = await person()
  await visitor.goto(link)
  await expectText(visitor, "Nora North shared with you")
  await button(visitor, "Download").click()
  expect(fs.readFileSync(await downloaded(name)).equals(bytes)).toBe(true)
  // Firefox cannot be driven further on a page that has started a download.
  const { page: other, downloaded: otherDownloaded } = await person()
  await other.goto(pictureLink)
  await button(other, "Download").click()
  expect(fs.readFileSync(await otherDownloaded("lighthouse.png")).equals(picture)).toBe(true)

  const { items } = await (await owner.get("/shares?limit=2")).json()
  expect(items).toMatchObject([
    { url: pictureLink, views: 1, botViews: 0, downloads: 1 },
    { url: link, views: 1, botViews: 0, downloads: 1 },
  ])
})

test("in Firefox all files are downloaded as one ZIP with their folders, through the service worker, by one claim", async ({
  owner,
  person,
}, testInfo) => {
  test.setTimeout(120_000)
  const files = [
    { path: "", name: "räksmörgås.jpg", bytes: randomBytes(2_000) },
    { path: "survey 2026/day 1/raw", name: "図面.pdf", bytes: randomBytes(300_000) },
    // Too large to be fetched whole before its entry is written.
    { path: "survey 2026/day 1", name: "film.mov", bytes: randomBytes(20_000_000) },
    { path: "survey 2026", name: "plan.pdf", bytes: randomBytes(2_000) },
    { path: "survey 2026", name: "plan.pdf", bytes: randomBytes(2_000) },
  ]
  const wanted = [
    "räksmörgås.jpg",
    "survey 2026/day 1/raw/図面.pdf",
    "survey 2026/day 1/film.mov",
    "survey 2026/plan.pdf",
    "survey 2026/plan (2).pdf",
  ]
  const share = await owner.shareFiles(await uploadFiles(owner, files), {
    title: "Harbour: survey?",
    maxDownloads: 1,
  })

  const { page, downloaded } = await person()
  await page.goto(share.url)
  await button(page, "Download all").click()
  await expectText(page, "All 5 files are in Harbour_ survey_.zip.", 60_000)
  const archive = await downloaded("Harbour_ survey_.zip")

  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  expect([...unpacked.keys()].toSorted()).toEqual([...wanted, "LAPSE.txt"].toSorted())
  for (const [at, name] of wanted.entries())
    expect(unpacked.get(name)?.equals(files[at]?.bytes ?? Buffer.alloc(0)), name).toBe(true)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
})

async function thumbnails({ query }: Installation) {
  const [row] = await query<{ count: string }>(
    "SELECT count(*) FROM file WHERE name = 'lighthouse.png' AND thumbnail_key IS NOT NULL",
  )
  return Number(row?.count)
}

function drop(page: Page, name: string, bytes: Buffer) {
  return page.evaluate(
    (name, base64) => {
      const dataTransfer = new DataTransfer()
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      dataTransfer.items.add(new File([bytes], name, { type: "image/png" }))
      for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        )
      }
    },
    name,
    bytes.toString("base64"),
  )
}
