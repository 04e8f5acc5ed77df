import { execFile } from "node:child_process"
import fs from "node:fs"
import { promisify } from "node:util"
import { choose, writeTree } from "../files/share-a-folder.ts"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy, downloadPath } from "../network/send-click.ts"

// The browser logs the refused name.
test.use({ allowed: [/status of 400/] })

/** File names that members use, and the corresponding names in an archive. */
const NAMES = [
  ["تقرير المشروع (١).pdf", "تقرير المشروع (١).pdf"],
  ["דוח abc 123.pdf", "דוח abc 123.pdf"],
  ["👩‍👩‍👧 summer ☀️.jpg", "👩‍👩‍👧 summer ☀️.jpg"],
  ["図面・最終版（改）.dwg", "図面・最終版（改）.dwg"],
  [`it's "quoted"; filename=x.pdf`, "it's _quoted_; filename=x.pdf"],
  ["50% off + tax & more #1?.txt", "50% off + tax & more #1_.txt"],
  ["CON.txt", "_CON.txt"],
  [`${"長".repeat(83)}.txt`, `${"長".repeat(83)}.txt`],
  ["ends with a dot.", "ends with a dot_"],
] as const

/**
 * Browsers replace characters that are unsafe in file names with "_"; the set differs by browser.
 */
const asSaved = (name: string) => name.replace(/["?\u200d]/g, "_").replace(/[._]$/, "")

test("any name is correct and safe in the browser, in a ZIP and with curl", async ({
  owner,
  visitor,
  installation,
}, testInfo) => {
  const files = NAMES.map(([name], at) => ({ name, path: "", bytes: Buffer.from(`bytes ${at}`) }))
  const ids = await uploadFiles(owner, files)
  const share = await owner.shareFiles(ids, { title: "Names", direct: true })
  await visitor.goto(share.url)

  for (const [at, [name]] of NAMES.entries()) {
    const started = visitor.waitForEvent("download")
    const row = visitor.locator("#files li").filter({ hasText: name })
    await row.getByRole("button", { name: /^Download/ }).click()
    const download = await started
    const saved = download.suggestedFilename()
    expect(asSaved(saved)).toBe(asSaved(name))
    expect(fs.readFileSync(await download.path(), "utf8")).toBe(`bytes ${at}`)
  }

  const archive = await downloadBy(visitor, /^Download all/)
  const unpacked = unpack(await archive.path(), testInfo.outputPath("unpacked"))
  for (const [at, [, portable]] of NAMES.entries())
    expect([portable, unpacked.get(portable)?.toString()]).toEqual([portable, `bytes ${at}`])

  const folder = testInfo.outputPath("curl")
  fs.mkdirSync(folder, { recursive: true })
  for (const at of NAMES.keys()) {
    const before = fs.readdirSync(folder)
    const url = installation.url + downloadPath(share, at)
    await promisify(execFile)("curl", ["-sSLOJ", url], { cwd: folder })
    const [saved = ""] = fs.readdirSync(folder).filter((name) => !before.includes(name))
    expect(saved).toMatch(/^[\x20-\x7e]+$/)
    expect(saved).not.toMatch(/[/\\]|^\.+$/)
    expect(fs.readFileSync(`${folder}/${saved}`, "utf8")).toBe(`bytes ${at}`)
  }
})

test("a page says under which name a file was stored, also for a folder with a backslash and a rename", async ({
  ownerPage: page,
  owner,
}, testInfo) => {
  const root = testInfo.outputPath("tree")
  writeTree(root, ["odd-names/back\\slash.txt", "odd-names/a.ex\u200be", "odd-names/plain.txt"])
  await page.goto("/shares")
  await choose(page, "Choose a folder", `${root}/odd-names`)
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  const row = (name: string) => uploads.getByRole("listitem").filter({ hasText: name }).last()
  await expect(row("back\\slash.txt")).toContainText("Saved as “back_slash.txt”.")
  await expect(row("a.ex\u200be")).toContainText("Saved as “a.exe”.")
  await expect(row("plain.txt")).toContainText("Uploaded")
  await expect(row("plain.txt")).not.toContainText("Saved as")
  const { items } = await (await owner.get("/files?folder=odd-names")).json()
  expect(
    items.map((file: { path: string; name: string }) => `${file.path}/${file.name}`).sort(),
  ).toEqual(["odd-names/a.exe", "odd-names/back_slash.txt", "odd-names/plain.txt"])

  await page.goto("/files?path=odd-names")
  await page.getByRole("button", { name: "More actions for plain.txt" }).click()
  await page.getByRole("menuitem", { name: "Rename" }).click()
  const dialog = page.getByRole("dialog")
  const rename = dialog.getByRole("button", { name: "Rename" })
  await dialog.getByLabel("Name").fill("../plain.txt")
  await rename.click()
  await expect(dialog).toContainText("A name can’t contain “/”.")
  await dialog.getByLabel("Name").fill("new\\na\u202eme.txt")
  await rename.click()
  await expect(page.getByText("Saved as “new_name.txt”.")).toBeVisible()
  await expect(page.getByText("new_name.txt", { exact: true })).toBeVisible()
})
