import { execFileSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { sha256Of } from "../files/random-file.ts"
import { unpack } from "../files/unpack.ts"
import { type NewFile, uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import { downloadBy } from "../network/send-click.ts"

const aFile = (name: string, path = "", size = 2_000): NewFile => ({
  name,
  path,
  bytes: randomBytes(size),
})

test.describe.configure({ timeout: 120_000 })

/** More files than the page requests URLs for at once. */
const MANY = process.env.HEAVY ? 300 : 210

test("many files in nested folders are downloaded as one ZIP by one claim, and every tool unpacks them", async ({
  owner,
  visitor,
}, testInfo) => {
  test.setTimeout(180_000)
  const files = Array.from({ length: MANY - 2 }, (_, at) =>
    aFile(
      `räksmörgås & ${at}.jpg`,
      ["", "survey 2026", "survey 2026/day 1/raw", "図面"][at % 4],
      100 + at * 40,
    ),
  )
  // Two equal names, and a large one that is not fetched whole.
  files.push(aFile("plan.pdf", "survey 2026"), aFile("plan.pdf", "survey 2026"))
  files[7] = aFile("film.mov", "survey 2026/day 1/raw", 10_000_000)
  for (const file of files.slice(0, 100)) file.sha256 = sha256Of(file.bytes)
  const ids = await uploadFiles(owner, files)
  const share = await owner.shareFiles(ids, { title: "Harbour: survey?", maxDownloads: 1 })
  await visitor.goto(share.url)

  const download = await downloadBy(visitor, /^Download all/)
  expect(download.suggestedFilename()).toBe("Harbour_ survey_.zip")
  const archive = await download.path()
  await expect(visitor.getByText(`All ${MANY} files are in Harbour_ survey_.zip.`)).toBeVisible()

  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  const wanted = files.map(({ name, path, bytes }) => [path ? `${path}/${name}` : name, bytes])
  const second = wanted.findLast(([name]) => name === "survey 2026/plan.pdf")
  if (second) second[0] = "survey 2026/plan (2).pdf"
  const report = unpacked.get("LAPSE.txt")?.toString() ?? ""
  unpacked.delete("LAPSE.txt")
  expect([...unpacked.keys()].toSorted()).toEqual(wanted.map(([name]) => name).toSorted())
  for (const [name, bytes] of wanted) {
    expect(unpacked.get(String(name))?.equals(Buffer.from(bytes ?? "")), String(name)).toBe(true)
  }
  expect(report).toMatch(
    /^Harbour: survey\?\nShared by Nora North, downloaded on .* \(Asia\/Kath?mandu\)\.\n/,
  )
  expect(report).toContain("Matches the SHA-256 that the storage verified during the upload:")
  expect(report).toContain("No SHA-256 available to compare with:")
  for (const [name, bytes] of wanted)
    expect(report).toContain(`${sha256Of(Buffer.from(bytes ?? ""))}  ${name}\n`)
  const folder = testInfo.outputPath("unpacked/python3")
  execFileSync("sha256sum", ["--quiet", "-c", "LAPSE.txt"], { cwd: folder, stdio: "pipe" })

  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
  const { items } = await (await owner.get(`/shares/${share.id}/events`)).json()
  const claims = items.filter(({ kind }: { kind: string }) => kind === "claim")
  expect(claims).toMatchObject([{ file: null }])
})

test("a folder and selected files are each downloaded as a ZIP, by keyboard only", async ({
  owner,
  visitor: page,
}, testInfo) => {
  const files = [
    aFile("a.txt", "survey/day 1"),
    aFile("b.txt", "survey/day 1/raw"),
    aFile("c.txt", "survey/day 2"),
    aFile("d.txt", "survey/day 2"),
    aFile("e.txt"),
  ]
  const share = await owner.shareFiles(await uploadFiles(owner, files), { title: "Survey" })
  await page.goto(share.url)
  const namesIn = async (archive: string, into: string) =>
    [...unpack(archive, testInfo.outputPath(into)).keys()].toSorted()

  const folder = page.getByRole("button", { name: "Download the folder day 1 as ZIP" })
  await folder.focus()
  const dayStarted = page.waitForEvent("download")
  await page.keyboard.press("Enter")
  const day = await dayStarted
  expect(day.suggestedFilename()).toBe("day 1.zip")
  expect(await namesIn(await day.path(), "day")).toEqual([
    "LAPSE.txt",
    "day 1/a.txt",
    "day 1/raw/b.txt",
  ])
  await expect(page.getByText("All 2 files are in day 1.zip.")).toBeVisible()
  await expect(page.getByText(/^Download started\./)).toHaveCount(0)

  await expect(page.getByRole("checkbox")).toHaveCount(0)
  await page.getByRole("button", { name: "Select files" }).focus()
  await page.keyboard.press("Enter")
  const bar = page.getByRole("region", { name: "Selected files" })
  await expect(bar.getByRole("status")).toHaveText("No files selected")
  await expect(bar.getByRole("button", { name: "Download as ZIP" })).toBeDisabled()
  await expect(page.getByRole("checkbox").first()).toBeFocused()
  await page.getByRole("checkbox", { name: "Select all of day 2" }).focus()
  await page.keyboard.press("Space")
  await expect(page.getByRole("checkbox", { name: "Select c.txt" })).toBeChecked()
  await page.getByRole("checkbox", { name: "Select e.txt" }).press("Space")
  await expect(bar.getByRole("status")).toHaveText("3 files selected")
  await page.getByRole("checkbox", { name: "Select d.txt" }).press("Space")
  await expect(bar.getByRole("status")).toHaveText("2 files selected")
  const dayTwo = page.getByRole("checkbox", { name: "Select all of day 2" })
  expect(await dayTwo.evaluate((box: HTMLInputElement) => box.indeterminate)).toBe(true)
  const chosenStarted = page.waitForEvent("download")
  await bar.getByRole("button", { name: "Download as ZIP" }).press("Enter")
  const chosen = await chosenStarted
  expect(chosen.suggestedFilename()).toBe("Survey.zip")
  expect(await namesIn(await chosen.path(), "chosen")).toEqual([
    "LAPSE.txt",
    "e.txt",
    "survey/day 2/c.txt",
  ])
  await expect(page.getByRole("checkbox")).toHaveCount(0)

  await page.getByRole("button", { name: "Select files" }).press("Enter")
  await expect(page.getByRole("checkbox").first()).toBeFocused()
  await page.keyboard.press("Escape")
  await expect(page.getByRole("checkbox")).toHaveCount(0)
  await expect(page.getByRole("button", { name: "Select files" })).toBeFocused()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("if the browser has a file picker the ZIP is written into the picked file, byte for byte", async ({
  owner,
  visitor: page,
}, testInfo) => {
  const files = [
    aFile("a.txt", "deep"),
    aFile("large.bin", "", 20_000_000),
    aFile("b.bin", "deep", 3_000_000),
    aFile("empty.txt", "deep", 0),
  ]
  const share = await owner.shareFiles(await uploadFiles(owner, files), { title: "Picked" })
  // A test cannot operate the picker: this one returns a file in the origin-private storage.
  await page.addInitScript(() => {
    Object.assign(window, {
      async showSaveFilePicker({ suggestedName }: { suggestedName: string }) {
        const root = await navigator.storage.getDirectory()
        if (document.documentElement.dataset.picker === "cancelled")
          throw new DOMException("The user aborted a request.", "AbortError")
        return root.getFileHandle(suggestedName, { create: true })
      },
    })
  })
  await page.goto(share.url)
  await page.evaluate(() => {
    document.documentElement.dataset.picker = "cancelled"
  })
  await page.getByRole("button", { name: /^Download all/ }).click()
  await expect(page.getByRole("button", { name: /^Download all/ })).toBeEnabled()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })

  await page.evaluate(() => {
    document.documentElement.dataset.picker = ""
  })
  await page.getByRole("button", { name: /^Download all/ }).click()
  await expect(page.getByText("All 4 files are in Picked.zip.")).toBeVisible()
  const copied = page.waitForEvent("download")
  await page.evaluate(async () => {
    const root = await navigator.storage.getDirectory()
    const link = document.createElement("a")
    link.href = URL.createObjectURL(await (await root.getFileHandle("Picked.zip")).getFile())
    link.download = "Picked.zip"
    link.click()
  })
  const unpacked = unpack(await (await copied).path(), testInfo.outputPath("unpacked"))
  unpacked.delete("LAPSE.txt")
  expect(unpacked.size).toBe(files.length)
  for (const { name, path, bytes } of files) {
    const place = path ? `${path}/${name}` : name
    expect(unpacked.get(place)?.equals(Buffer.from(bytes)), place).toBe(true)
  }
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test.describe("a browser that refuses the worker", () => {
  test.use({ allowed: [/Failed to load resource: (net::ERR_FAILED|.* 403)/] })

  test("the page names the store if the browser does not trust that either", async ({
    owner,
    installation,
    browse,
  }) => {
    const share = await owner.shareFiles(await uploadFiles(owner, [aFile("a.txt"), aFile("b.txt")]))
    const page = await browse()
    // As at a host whose certificate the browser does not trust, and the visitor went on anyway.
    await page.addInitScript(() => {
      navigator.serviceWorker.register = () => Promise.reject(new DOMException("", "SecurityError"))
    })
    const { host } = new URL(installation.storeUrl)
    const all = page.getByRole("button", { name: /^Download all/ })
    await page.route(`${installation.storeUrl}/**`, (route) => route.abort("failed"))
    await page.goto(share.url)
    await all.click()
    await expect(page.getByText(`The storage at ${host} couldn’t be reached, or`)).toBeVisible()
    await expect(all).toBeEnabled()

    await page.unroute(`${installation.storeUrl}/**`)
    await all.click()
    await expect(page.getByText("private windows, blocked site data and untrusted")).toBeVisible()
    await expect(all).toBeHidden()
    expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0 })
  })
})

test("a page over plain http says why there is no ZIP, and offers every file", async ({
  owner,
  installation,
  browse,
}) => {
  const files = [aFile("a.txt"), aFile("b.txt")]
  const share = await owner.shareFiles(await uploadFiles(owner, files))
  const page = await browse()
  // As in a browser on plain http outside localhost.
  await page.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }))
  await page.goto(share.url)

  await expect(page.getByText("Downloading all files as one ZIP requires HTTPS")).toBeVisible()
  await expect(page.getByRole("button", { name: /all|Choose|ZIP/ })).toHaveCount(0)
  await (await downloadBy(page, "Download a.txt")).path()
  await (await downloadBy(page, "Download b.txt")).path()
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
  expect(installation.url).toContain("localhost")
})
