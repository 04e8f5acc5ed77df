import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import type { Page } from "puppeteer-core"
import { png } from "../../files/make-files.ts"
import {
  button,
  byRole,
  expectText,
  test as inFirefox,
  withoutFirefox,
} from "../../firefox/firefox.ts"
import { expect, test as shared } from "../../fixtures.ts"
import type { Installation } from "../../installation/start-installation.ts"

const test = mergeTests(shared, inFirefox)

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
  await expectText(visitor, "Nora North sent you")
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
