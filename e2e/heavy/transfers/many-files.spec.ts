import { newestLink } from "../../files/share-a-file.ts"
import { choose, listedFiles, writeTree } from "../../files/share-a-folder.ts"
import { expect, test } from "../../fixtures.ts"

const COUNT = process.env.HEAVY ? 1_000 : 300
const SHOWN = COUNT.toLocaleString("en")

test(`${SHOWN} small files are stored, shared by one link, and downloaded unchanged`, async ({
  ownerPage: page,
  visitor,
}, testInfo) => {
  test.setTimeout(600_000)
  const paths = Array.from({ length: COUNT }, (_, at) => `note ${at}.txt`)
  const root = testInfo.outputPath("notes")
  const files = writeTree(root, paths)

  await page.goto("/shares")
  await choose(
    page,
    "Choose files",
    paths.map((name) => `${root}/${name}`),
  )
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText(`and ${COUNT - 100} more files`)).toBeVisible()
  await expect(uploads.getByText(`${SHOWN} of ${SHOWN} uploaded`)).toBeVisible({ timeout: 480_000 })
  const link = await newestLink(page)

  await visitor.goto(link)
  await expect(visitor.getByText(`${SHOWN} files, `)).toBeVisible()
  const list = visitor.locator("#files")
  const names: string[] = []
  while (names.length < COUNT) {
    const first = paths[names.length] ?? ""
    await expect(list.getByText(first, { exact: true })).toBeVisible()
    names.push(...(await listedFiles(visitor)).map(({ path }) => path))
    if (names.length < COUNT) await list.getByRole("link", { name: "More files" }).last().click()
  }
  expect(names).toEqual(paths)
  const claim = await visitor.request.post(`${link}/claim`, { data: {} })
  const claimed: { files: { name: string; url: string }[] } = await claim.json()
  expect(claimed.files.map(({ name }) => name)).toEqual(paths)
  for (let at = 0; at < claimed.files.length; at += 20) {
    await Promise.all(
      claimed.files.slice(at, at + 20).map(async ({ name, url }) => {
        const bytes = Buffer.from(await (await fetch(url)).bytes())
        expect(bytes.equals(files.get(name) ?? Buffer.alloc(0)), name).toBe(true)
      }),
    )
  }
})
