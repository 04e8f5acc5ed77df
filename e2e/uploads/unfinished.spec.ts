import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { MIB } from "#testing/units.ts"
import { newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

test.describe.configure({ mode: "parallel" })

// Other stories of this installation leave unfinished uploads of the same owner.
test.beforeEach(async ({ installation }) => {
  await installation.query(
    "UPDATE file SET status = 'abandoned', deleted_at = now() WHERE status = 'uploading'",
  )
})

test("an unfinished upload is offered on the next visit, recognizes a different file, and is abandoned after a confirmation; several are one line with their number, which unfolds, and the folder that they came from is chosen again", async ({
  owner,
  ownerPage: page,
  visitor,
}, testInfo) => {
  const begun = await owner.post("/files", {
    name: "film.mov",
    path: "holiday",
    size: 14,
    contentType: "video/quicktime",
    fingerprint: "f".repeat(64),
  })
  const { file } = await begun.json()
  const share = await owner.shareFiles([file.id], { title: "The holiday" })

  await page.goto("/shares")
  const section = page.getByRole("region", { name: "1 unfinished upload" })
  await expect(section.getByRole("listitem")).toContainText("film.mov")
  await expect(section.getByRole("listitem")).toContainText("holiday · 14 bytes")
  const choose = section.getByRole("button", { name: "Choose file again: film.mov" })
  for (const [name, said] of [
    ["other.mov", "That’s a different file: “other.mov”."],
    ["film.mov", "the original is 14 bytes, the one you chose is 3 bytes."],
  ] as const) {
    const chosen = page.waitForEvent("filechooser")
    await choose.click()
    await (await chosen).setFiles({ name, mimeType: "video/quicktime", buffer: Buffer.from("abc") })
    await expect(section.getByRole("alert")).toContainText(said)
  }
  await expect(page.getByRole("region", { name: "Uploads", exact: true })).toHaveCount(0)

  await section.getByRole("button", { name: "Discard film.mov" }).click()
  const asked = page.getByRole("alertdialog", { name: "Discard the upload of “film.mov”?" })
  await expect(asked).toContainText("This share contains it and will show the upload as cancelled")
  await expect(asked.getByRole("link", { name: "The holiday" })).toBeVisible()
  await asked.getByRole("button", { name: "Discard" }).click()
  await expect(section).toHaveCount(0)
  await expect(page.getByRole("listitem").filter({ hasText: "The holiday" })).toContainText(
    "1 cancelled",
  )
  expect((await owner.readShare(share.id)).files[0]?.status).toBe("abandoned")
  await visitor.goto(share.url)
  await expect(visitor.getByText(/^Nora North cancelled the upload of this file/)).toBeVisible()

  const folder = testInfo.outputPath("holiday")
  fs.mkdirSync(folder)
  for (const name of ["one.mov", "two.mov", "three.mov"]) {
    fs.writeFileSync(path.join(folder, name), "fourteen bytes")
    const more = { path: "holiday", fingerprint: "f".repeat(64) }
    await owner.post("/files", { name, size: 14, ...more })
  }
  fs.writeFileSync(path.join(folder, "arrived.mov"), "before")
  await page.goto("/shares")
  const several = page.getByRole("region", { name: "3 unfinished uploads" })
  await expect(several.getByRole("button", { name: "Discard all" })).toBeVisible()
  expect((await several.boundingBox())?.height).toBeLessThan(50)
  await several.getByRole("heading").click()
  await expect(several.getByRole("listitem")).toHaveCount(3)
  const chooser = page.waitForEvent("filechooser")
  await several.getByRole("button", { name: "Choose files again" }).click()
  await (await chooser).setFiles(folder)
  await expect(page.getByRole("region", { name: "Uploads", exact: true })).toContainText("3 of 3")
})

test("choosing the file again finishes the upload, in its folder and in its share, whose link is shown", async ({
  installation,
  owner,
  ownerPage: page,
  visitor,
}, testInfo) => {
  const lecture = testInfo.outputPath("lecture.mp4")
  fs.writeFileSync(lecture, "a lecture")
  // Holds the upload, then leaves the tab.
  await page.goto("/files")
  await page.route(`${installation.storeUrl}/**`, () => {})
  const pick = async (button: string) => {
    const chosen = page.waitForEvent("filechooser")
    await page.getByRole("button", { name: button }).click()
    await (await chosen).setFiles(lecture)
  }
  await pick("Choose files")
  const begun = async () =>
    (await (await owner.get("/files?status=uploading&q=lecture")).json()).items
  await expect.poll(begun).toHaveLength(1)
  const [{ id }] = await begun()
  const share = await owner.shareFiles([id])
  page.once("dialog", (dialog) => dialog.accept())
  await page.goto("/shares")
  await page.unrouteAll({ behavior: "ignoreErrors" })

  await pick("Choose file again: lecture.mp4")
  expect(await newestLink(page)).toBe(share.url)
  await expect(page.getByText("Upload complete")).toBeVisible()
  await expect(page.getByText("unfinished upload")).toHaveCount(0)
  expect((await owner.readShare(share.id)).files).toMatchObject([{ id, status: "ready" }])
  await visitor.goto(share.url)
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeVisible()
})

test("if the browser keeps the file handle, one click continues after a reload, and the link is shown again", async ({
  installation,
  owner,
  ownerPage: page,
}) => {
  // A file in the browser's private storage, since nothing can operate its picker; the handle is
  // stored in the same way.
  await page.addInitScript(() => {
    Object.assign(window, {
      showOpenFilePicker: async () => {
        const folder = await navigator.storage.getDirectory()
        return [await folder.getFileHandle("expedition.mov")]
      },
    })
  })
  await page.goto("/shares")
  await page.evaluate(async () => {
    const folder = await navigator.storage.getDirectory()
    const handle = await folder.getFileHandle("expedition.mov", { create: true })
    const file = await handle.createWritable()
    for (let part = 0; part < 20; part++) {
      await file.write(new Uint8Array(1024 ** 2).fill(part))
    }
    await file.close()
  })
  await page.route(`${installation.storeUrl}/**`, () => {})
  await page.getByRole("button", { name: "Choose files" }).click()
  await expect(page.getByText("You can send the link now.")).toBeVisible()
  const link = await newestLink(page)
  await expect.poll(() => page.evaluate(countKept)).toBe(1)
  page.once("dialog", (dialog) => dialog.accept())
  await page.goto("/shares")
  await page.unrouteAll({ behavior: "ignoreErrors" })

  await page.getByRole("button", { name: "Resume expedition.mov" }).click()

  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  expect(await newestLink(page)).toBe(link)
  await expect(uploads.getByRole("button", { name: /^Undo/ })).toBeVisible()
  await expect(uploads.getByText("Uploaded", { exact: true })).toBeVisible({ timeout: 30_000 })
  const { items } = await (await owner.get("/files?q=expedition")).json()
  const bytes = Buffer.concat(Array.from({ length: 20 }, (_, part) => Buffer.alloc(MIB, part)))
  expect(items).toMatchObject([
    { status: "ready", sha256: createHash("sha256").update(bytes).digest("hex") },
  ])
})

/** The number of file handles that this browser keeps for unfinished uploads. */
async function countKept() {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open("lapse-uploads")
    opening.onsuccess = () => resolve(opening.result)
  })
  const count = await new Promise<number>((resolve) => {
    const counting = database.transaction("handles").objectStore("handles").count()
    counting.onsuccess = () => resolve(counting.result)
  })
  database.close()
  return count
}
