import { randomBytes } from "node:crypto"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import type { Installation } from "../installation/start-installation.ts"
import type { MemberClient, ShareView } from "../member-client.ts"
import { downloadBy } from "../network/send-click.ts"

/** A share with 40 folders of 30 files that are still uploading, and one of three ready files. */
async function aLargeShare(owner: MemberClient, { query }: Installation): Promise<ShareView> {
  const last = ["a.txt", "b.txt", "c.txt"].map((name) => ({
    name,
    path: "trip/the last",
    bytes: randomBytes(500),
  }))
  const share = await owner.shareFiles(await uploadFiles(owner, last), { title: "The whole trip" })
  await query(
    `WITH made AS MATERIALIZED (
      SELECT gen_random_uuid() AS id, n FROM generate_series(0, 1199) n
    ), filed AS (
      INSERT INTO file (id, owner_id, name, path, size, content_type)
      SELECT made.id, owner_id, 'photo ' || n % 30 || '.jpg', 'trip/day ' || n / 30, 1, 'image/jpeg'
      FROM made, share WHERE share.id = $1
    )
    INSERT INTO share_file (share_id, file_id, position) SELECT $1, id, n + 3 FROM made`,
    [share.id],
  )
  return share
}

test("a visitor finds every folder of a large share, and pages through its files in place; without JavaScript by links, and a search finds unlisted ones", async ({
  owner,
  visitor,
  plainVisitor,
  installation,
}, testInfo) => {
  const share = await aLargeShare(owner, installation)
  await visitor.goto(share.url)
  const list = visitor.locator("#files")
  await expect(list.locator("summary")).toHaveCount(42)
  await expect(list.locator(".file-row")).toHaveCount(458)

  await list.locator("summary", { hasText: "the last" }).click()
  await list.getByRole("link", { name: "Show 3 files" }).click()
  await expect(list.locator(".file-row")).toHaveCount(3)
  await expect(list.locator(".file-row").first()).toBeFocused()
  await expect(list.getByText("b.txt", { exact: true })).toBeVisible()
  await expect(list.locator("summary")).toHaveCount(42)
  expect(visitor.url()).toContain("after=")

  await visitor.goBack()
  await expect(list.locator(".file-row")).toHaveCount(458)
  await visitor.goForward()
  await expect(list.locator(".file-row")).toHaveCount(3)
  await list.getByRole("link", { name: "First files" }).click()
  await list.getByRole("link", { name: "More files" }).last().click()
  await expect(list.locator(".file-row").first()).toContainText("photo 8.jpg")

  const zip = visitor.getByRole("button", { name: /the last/ })
  const download = await downloadBy(visitor, (await zip.getAttribute("aria-label")) ?? "")
  const unpacked = unpack(await download.path(), testInfo.outputPath("unpacked"))
  expect([...unpacked.keys()].toSorted()).toEqual(
    ["LAPSE.txt", ...["a.txt", "b.txt", "c.txt"].map((name) => `the last/${name}`)].toSorted(),
  )
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1, downloads: 1 })

  await plainVisitor.goto(share.url)
  const plainList = plainVisitor.locator("#files")
  await plainList.getByRole("link", { name: "More files" }).last().click()
  await expect(plainList.locator(".file-row").first()).toContainText("photo 8.jpg")
  await plainList.getByRole("searchbox").fill("LAST/b")
  await plainList.getByRole("button", { name: "Search" }).click()
  await expect(plainList.locator(".file-row")).toHaveCount(1)
  await expect(plainList.getByText("b.txt", { exact: true })).toBeVisible()
  expect(await owner.readShare(share.id)).toMatchObject({ views: 2 })
})

test("the owner pages through the files of a large share, and removes one", async ({
  owner,
  ownerPage: page,
  installation,
}) => {
  const share = await aLargeShare(owner, installation)
  await page.goto(`/shares/${share.id}`)
  const list = page.getByRole("region", { name: "1,203 files" })
  // Times without a zone are shorter, and then the list moves up.
  await expect(page.locator("time", { hasText: "UTC" })).toHaveCount(0)
  await list.getByRole("heading", { name: "1,203 files" }).click()
  await list.locator("summary", { hasText: "the last" }).click()
  await list.getByRole("link", { name: "Show 3 files" }).click()
  await expect(list.getByText("c.txt", { exact: true })).toBeVisible()
  await list.getByRole("button", { name: "More actions for c.txt" }).click()
  await page.getByRole("menuitem", { name: "Remove from share" }).click()
  await expect(page.getByText("c.txt", { exact: true })).toHaveCount(1)
  await expect(list.getByText("c.txt", { exact: true })).toHaveCount(0)
})
