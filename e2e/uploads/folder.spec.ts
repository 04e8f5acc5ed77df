import { sha256Of } from "../files/random-file.ts"
import { newestLink } from "../files/share-a-file.ts"
import { choose, listedFiles, writeTree } from "../files/share-a-folder.ts"
import { expect, test } from "../fixtures.ts"

const DAYS = ["day 1", "day 2", "day 10"]

/** The number of files in the folders of days. */
const IN_DAYS = process.env.HEAVY ? 195 : 27

test("a nested folder is shared, and the visitor sees its tree and downloads every byte", async ({
  ownerPage: page,
  visitor,
  plainVisitor,
}, testInfo) => {
  const paths = Array.from({ length: IN_DAYS }, (_, at) => {
    const day = DAYS[at % 3]
    // Every folder has the same names.
    const name = `räksmörgås & ${Math.floor(at / 6)}.jpg`
    return at % 6 < 3 ? `field trip 2026/${day}/${name}` : `field trip 2026/${day}/raw/${name}`
  })
  paths.push(...["a.txt", "b.txt", "c.txt", "d.txt", "e"].map((name) => `field trip 2026/${name}`))
  const count = paths.length
  const root = testInfo.outputPath("tree")
  const files = writeTree(root, paths)

  await page.goto("/shares")
  await choose(page, "Choose a folder", `${root}/field trip 2026`)
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText(`${count} of ${count} uploaded`).first()).toBeVisible({
    timeout: 60_000,
  })
  await expect(uploads.getByText("field trip 2026")).toBeVisible()
  const link = await newestLink(page)
  await expect(uploads.getByLabel("Title")).toHaveValue("field trip 2026")

  for (const each of [visitor, plainVisitor]) {
    await each.goto(link)
    const folder = (name: string) => each.locator("summary").filter({ hasText: name }).first()
    await expect(folder("field trip 2026")).toContainText(`${count} files`)
    await expect(folder("day 2")).toContainText(`${IN_DAYS / 3} files`)
    await expect(folder("raw")).toBeHidden()
    await folder("day 2").click()
    await expect(each.getByText("räksmörgås & 2.jpg").first()).toBeHidden()
    await expect(
      each.locator("details[open] details[open] summary").filter({ hasText: "raw" }).first(),
    ).toBeVisible()
  }
  const listed = await listedFiles(visitor)
  expect(listed.map((file) => file.path).sort()).toEqual(paths.toSorted())
  const inOrder = new Set(listed.map((file) => file.path.split("/")[1] ?? ""))
  expect([...inOrder].filter((name) => name.startsWith("day"))).toEqual(DAYS)
  const claim = await visitor.request.post(`${link}/claim`, { data: {} })
  const claimed: { files: { id: string; url: string }[] } = await claim.json()
  const urls = new Map(claimed.files.map(({ id, url }) => [id, url]))
  for (const { id, path, sha256 } of listed) {
    const bytes = await (await fetch(urls.get(id) ?? "")).bytes()
    const wanted = sha256Of(files.get(path) ?? Buffer.alloc(0))
    expect(sha256Of(bytes), path).toBe(wanted)
    expect(sha256, path).toBe(wanted)
  }

  await page.goto("/files")
  await page.getByLabel("Select all of field trip 2026").click()
  await expect(page.getByRole("region", { name: `${count} files selected` })).toBeVisible()
  await page.getByRole("link", { name: "field trip 2026" }).click()
  await expect(page.getByRole("link", { name: "day 10" })).toBeVisible()
})

test("the owner finds a file among sixty by a part of its path, also without JavaScript", async ({
  owner,
  browse,
}) => {
  const files = Array.from({ length: 60 }, (_, at) => {
    return { name: `Räksmörgås ${at}.jpg`, path: `survey/day ${at % 6}/raw`, size: 1 }
  })
  const { items } = await (await owner.post("/files/batch", { files })).json()
  const ids = items.map(({ file }: { file: { id: string } }) => file.id)
  const share = await owner.shareFiles(ids, { message: "Plan: https://example.org/plan?a=1." })
  const storageState = await owner.context.storageState()
  for (const javaScriptEnabled of [true, false]) {
    const page = await browse({ storageState, javaScriptEnabled })
    await page.goto(`/shares/${share.id}`)
    const link = page.getByRole("link", { name: "https://example.org/plan?a=1", exact: true })
    await expect(link).toHaveAttribute("rel", "noreferrer nofollow ugc")
    const tree = page.getByRole("region", { name: "60 files" })
    await expect(page.getByRole("heading", { name: "Who opened it" })).toBeInViewport()
    await tree.getByRole("heading", { name: "60 files" }).click()
    await expect(tree.locator("summary").filter({ hasText: "day 3/raw" })).toBeVisible()

    await tree.getByRole("searchbox").fill("DAY 3/raw/raksmorgas 3")
    await tree.getByRole("searchbox").press("Enter")
    await expect(tree.getByText("3 of 60 files match")).toBeVisible()
    await expect(tree.locator("summary").last()).toContainText("survey/day 3/raw")
    for (const at of [3, 33, 39]) {
      await expect(tree.getByText(`Räksmörgås ${at}.jpg`, { exact: true })).toBeVisible()
    }
    await expect(tree.getByText("Räksmörgås 9.jpg", { exact: true })).toHaveCount(0)
  }
})
