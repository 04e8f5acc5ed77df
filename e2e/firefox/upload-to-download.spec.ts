import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import type { Page } from "puppeteer-core"
import { expect, test as shared } from "../fixtures.ts"
import { button, byRole, expectText, test as inFirefox, withoutFirefox } from "./firefox.ts"

const test = mergeTests(shared, inFirefox)

test.skip(...withoutFirefox)

test("in Firefox a member signs in, chooses one file and drops another, and a stranger downloads every byte of both", async ({
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
  await expectText(page, "Stored")
  await drop(page, "notes.txt", "the bytes of notes.txt")
  await expectText(page, /Stored.*Stored/s)
  // Each has its link at once; the latest is above.
  const links = await page.$$eval("input[readonly]", (fields) =>
    fields.flatMap(({ value }) => (value.includes("/s/") ? [value] : [])),
  )
  expect(links).toHaveLength(2)
  const [notesLink = "", link = ""] = links

  const { page: visitor, downloaded } = await person()
  await visitor.goto(link)
  await expectText(visitor, "Nora North shared with you")
  await button(visitor, "Download").click()
  expect(fs.readFileSync(await downloaded(name)).equals(bytes)).toBe(true)
  await visitor.goto(notesLink)
  await button(visitor, "Download").click()
  const notes = await downloaded("notes.txt")
  expect(fs.readFileSync(notes, "utf8")).toBe("the bytes of notes.txt")

  const { items } = await (await owner.get("/shares?limit=2")).json()
  expect(items).toMatchObject([
    { url: notesLink, views: 1, botViews: 0, downloads: 1 },
    { url: link, views: 1, botViews: 0, downloads: 1 },
  ])
})

function drop(page: Page, name: string, text: string) {
  return page.evaluate(
    (name, text) => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File([text], name))
      for (const type of ["dragover", "drop"]) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        )
      }
    },
    name,
    text,
  )
}
