import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import type { Page } from "@playwright/test"
import { dropFiles, untilReady } from "../files/drop-files.ts"
import { newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

const stored = (page: Page) =>
  page.getByRole("region", { name: "Uploads", exact: true }).getByText("Uploaded", { exact: true })

test("files dropped anywhere on the page are uploaded, from another page too; those dropped on their own page get no link until one is made of them", async ({
  join,
  browse,
}) => {
  const member = await join("Dora Drop")
  const page = await browse({ storageState: await member.context.storageState() })
  for (const [start, names] of [
    ["/shares", ["one.txt", "two.txt"]],
    ["/settings", ["three.txt"]],
  ] as const) {
    await page.goto(start)
    await untilReady(page)
    await dropFiles(
      page,
      names.map((name) => ({ name, text: `the bytes of ${name}` })),
    )
    await page.waitForURL("**/shares")
    await expect(stored(page)).toHaveCount(names.length)
  }

  const { items } = await (await member.get("/files")).json()
  expect(items.map(({ name }: { name: string }) => name).sort()).toEqual([
    "one.txt",
    "three.txt",
    "two.txt",
  ])
  expect(items.every(({ status }: { status: string }) => status === "ready")).toBe(true)

  const links = async () =>
    (await (await member.get("/shares")).json()).items.map(({ url }: { url: string }) => url)
  const before = await links()
  await page.goto("/files")
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await untilReady(page)
  await dropFiles(page, [{ name: "keep.txt", text: "kept" }])
  await expect(uploads.getByText("Uploaded", { exact: true })).toBeVisible()
  expect(await links()).toEqual(before)
  await uploads.getByRole("button", { name: "Create link" }).dblclick()
  const link = await newestLink(page)
  expect(await links()).toEqual([link, ...before])
})

test("a folder dropped on the page uploads every file inside it, and a pasted image is uploaded, but not one that is pasted into a field", async ({
  join,
  browse,
}) => {
  const member = await join("Fay Folder")
  const page = await browse({ storageState: await member.context.storageState() })
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-drop-"))
  fs.mkdirSync(path.join(folder, "survey/maps"), { recursive: true })
  fs.writeFileSync(path.join(folder, "survey/read-me.txt"), "read me")
  fs.writeFileSync(path.join(folder, "survey/maps/harbour.txt"), "the harbour")
  await page.goto("/shares")

  await dropByHand(page, path.join(folder, "survey"))

  await expect(stored(page)).toHaveCount(2)
  const { items } = await (await member.get("/files")).json()
  expect(items.map(({ name }: { name: string }) => name).sort()).toEqual([
    "harbour.txt",
    "read-me.txt",
  ])
  fs.rmSync(folder, { recursive: true })

  await page.goto("/shares")
  await page.getByRole("button", { name: "Choose files" }).waitFor()

  const paste = (selector: string, picture = "a picture") =>
    page.locator(selector).evaluate((element, picture) => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File([picture], "image.png", { type: "image/png" }))
      element.dispatchEvent(
        new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
      )
    }, picture)
  // A key that is pressed before the page's scripts run is lost.
  await expect(async () => {
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox").waitFor({ timeout: 3_000 })
  }).toPass()
  await paste("input[role=combobox]")
  await page.keyboard.press("Escape")
  await expect(page.getByRole("region", { name: "Uploads", exact: true })).toHaveCount(0)
  await paste("body")

  await expect(stored(page)).toHaveCount(1)
  const pasted = await (await member.get("/files?q=image.png")).json()
  expect(pasted.items).toMatchObject([{ name: "image.png", contentType: "image/png", size: 9 }])
  // Every pasted picture has this name, so the next one gets a number.
  await paste("body", "another one")
  await expect(stored(page)).toHaveCount(2)
  const { items: both } = await (await member.get("/files?q=image")).json()
  expect(both.map(({ name }: { name: string }) => name).sort()).toEqual([
    "image (2).png",
    "image.png",
  ])
})

/**
 * Drops files through the DevTools protocol, because only a drop from outside the page has folder
 * entries.
 */
async function dropByHand(page: Page, ...files: string[]) {
  const session = await page.context().newCDPSession(page)
  const at = { x: 400, y: 300, data: { items: [], files, dragOperationsMask: 1 } }
  const send = (type: "dragEnter" | "dragOver" | "drop") =>
    session.send("Input.dispatchDragEvent", { type, ...at })
  // The page shows when it accepts the drop.
  await expect(async () => {
    await send("dragEnter")
    await send("dragOver")
    await expect(page.getByText("Drop to upload")).toBeVisible({ timeout: 500 })
  }).toPass()
  await send("drop")
  await session.detach()
}
