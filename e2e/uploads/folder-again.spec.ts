import { createHash } from "node:crypto"
import { expectNoViolations } from "../browser/axe.ts"
import { aFile, chooseFiles, newestLink, shareByHand, uploadByHand } from "../files/share-a-file.ts"
import { choose, listedFiles, writeTree } from "../files/share-a-folder.ts"
import { expect, test } from "../fixtures.ts"

const FOLDER = "Choose a folder"
/** Many files take their time on a loaded machine. */
const SLOW = { timeout: 90_000 }

test("a folder that is chosen again sends only what is missing, and visitors see each file once", async ({
  installation,
  join,
  browse,
  visitor,
}, testInfo) => {
  test.setTimeout(300_000)
  const owner = await join("Fay Folder") // has no other unfinished uploads
  const page = await browse({ storageState: await owner.context.storageState() })
  const names = Array.from({ length: 24 }, (_, at) => `survey/file-${at}.csv`)
  writeTree(testInfo.outputPath(), names)
  const folder = testInfo.outputPath("survey")
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  const addresses: string[] = []
  page.on("request", (request) => {
    if (request.method() === "PUT") addresses.push(new URL(request.url()).pathname)
  })
  // The page is left while the store has 16 of the files.
  const sent = new Set<string>()
  await page.goto("/shares")
  await page.route(`${installation.storeUrl}/**`, (route) => {
    const { pathname } = new URL(route.request().url())
    if (sent.size < 16 && route.request().method() === "PUT") sent.add(pathname)
    return sent.has(pathname) ? route.continue() : undefined
  })
  await choose(page, FOLDER, folder)
  const link = await newestLink(page)
  await expect(uploads).toContainText("16 of 24 uploaded", SLOW)
  page.once("dialog", (dialog) => dialog.accept())
  await page.reload()
  await page.unrouteAll({ behavior: "ignoreErrors" })
  await expect(page.getByRole("region", { name: "8 unfinished uploads" })).toBeVisible()

  addresses.length = 0
  await choose(page, FOLDER, folder)
  await expect(uploads).toContainText("24 of 24 uploaded", SLOW)
  await expect(uploads).toContainText("16 already there, 8 continue")
  expect(await newestLink(page)).toBe(link)
  expect(new Set(addresses).size).toBe(8)
  await visitor.goto(link)
  const paths = async () => (await listedFiles(visitor)).map((file) => file.path).sort()
  expect(await paths()).toEqual(names.sort())

  addresses.length = 0
  await page.goto("/shares")
  await choose(page, FOLDER, folder)
  await expect(uploads).toContainText("24 of 24 uploaded", SLOW)
  await expect(uploads).toContainText("24 already there")
  // Until then the link gets the files that came after its first half second.
  await expect(uploads).toContainText("Upload complete", SLOW)
  const second = await newestLink(page)
  expect(second).not.toBe(link)
  expect(addresses).toEqual([])
  await visitor.goto(second)
  expect(await paths()).toEqual(names.sort())
  const { items } = await (await owner.get("/files?folder=survey&limit=100")).json()
  expect(items).toHaveLength(24)
})

test("a different file of the same name is asked about, with one answer for all: kept, replaced, or left out", async ({
  join,
  browse,
  visitor,
}) => {
  test.setTimeout(180_000)
  const owner = await join("Rae Replace")
  const page = await browse({ storageState: await owner.context.storageState() })
  const question = page.getByRole("alertdialog")
  const press = (name: string) => question.getByRole("button", { name })
  const names = async () =>
    (await (await owner.get("/files?limit=100")).json()).items
      .filter(({ status }: { status: string }) => status === "ready")
      .map(({ name }: { name: string }) => name)
      .sort()
  const link = await shareByHand(page, [aFile("plan.pdf")])
  await page.goto("/files")
  await uploadByHand(page, [aFile("notes.pdf"), aFile("plan.pdf")])
  const changed = ["notes.pdf", "plan.pdf", "other.pdf"].map((name) => aFile(name, `new ${name}`))

  await chooseFiles(page, changed)
  await expect(question).toContainText("2 different files with these names are already there", SLOW)
  await expect(question.getByRole("listitem")).toHaveText([/notes\.pdf.*Old: .*New: /, /plan\.pdf/])
  await expectNoViolations(page)
  await page.keyboard.press("Escape")
  await expect(question).toBeHidden()
  await expect.poll(names, SLOW).toEqual(["notes.pdf", "other.pdf", "plan.pdf"])

  await chooseFiles(page, changed)
  await expect(press("Skip")).toBeFocused(SLOW)
  await page.keyboard.press("Tab")
  await expect(press("Keep both")).toBeFocused()
  await page.keyboard.press("Enter")
  await expect(question).toBeHidden()
  const kept = ["notes (2).pdf", "notes.pdf", "other.pdf", "plan (2).pdf", "plan.pdf"]
  await expect.poll(names, SLOW).toEqual(kept)

  await page.goto("/shares")
  await chooseFiles(page, [aFile("notes.pdf", "newest"), aFile("plan.pdf", "newest")])
  await press("Replace").click(SLOW)
  const second = await newestLink(page)
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads).toContainText("Upload complete", SLOW)
  // The first link contains the old plan; nothing contains the old notes.
  expect(await names()).toEqual([...kept, "plan.pdf"])
  for (const [address, text] of [
    [link, "the bytes of plan.pdf"],
    [second, "newest"],
  ] as const) {
    await visitor.goto(address)
    const sha256 = createHash("sha256").update(text).digest("hex")
    await expect(visitor.locator("code").first()).toHaveText(sha256)
  }
})
