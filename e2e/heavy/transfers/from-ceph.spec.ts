import { createHash, randomBytes } from "node:crypto"
import fs from "node:fs"
import type { Page } from "@playwright/test"
import { lookAt, nextFile, shareContents } from "../../browser/look-at.ts"
import { uploadFromDisk } from "../../files/large-file.ts"
import { png } from "../../files/make-files.ts"
import { randomFile } from "../../files/random-file.ts"
import { unpack } from "../../files/unpack.ts"
import { uploadFiles } from "../../files/upload-files.ts"
import { expect } from "../../fixtures.ts"
import { publicUrl } from "../../installation/ceph-bucket.ts"
import { test, withoutCeph } from "../../installation/on-ceph.ts"
import type { MemberClient } from "../../member-client.ts"
import { downloadBy } from "../../network/send-click.ts"

test.skip(...withoutCeph)

test("previews, and a resumable download whose URL is cut off, work on another S3", async ({
  ceph,
  member,
  newPage,
}) => {
  test.setTimeout(180_000)
  await lookAtFiles(member, await newPage(), publicUrl(ceph))
  await downloadLarge(member, await newPage())
})

test("many files are downloaded from another S3 as one ZIP", async ({
  member,
  newPage,
}, testInfo) => {
  test.setTimeout(180_000)
  const files = ["survey 2026", "survey 2026/day 1", ""].flatMap((path) => [
    { name: "plan.bin", path, bytes: randomBytes(2_000_000) },
    { name: "film.bin", path, bytes: randomBytes(9_000_000) },
  ])
  const share = await member.shareFiles(await uploadFiles(member, files), { title: "Survey" })
  const visitor = await newPage()
  await visitor.goto(share.url)

  const download = await downloadBy(visitor, /^Download all/)
  const archive = await download.path()

  await expect(visitor.getByText("All 6 files are in Survey.zip.")).toBeVisible()
  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  expect(unpacked.size).toBe(7)
  for (const { name, path, bytes } of files)
    expect(unpacked.get(path ? `${path}/${name}` : name)?.equals(bytes), path).toBe(true)
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
})

/** Previews an image, and a text that is read in two ranges. */
async function lookAtFiles(member: MemberClient, visitor: Page, storeUrl: string) {
  const text = Array.from({ length: 150_000 }, (_, at) => `line ${at}\n`).join("")
  const share = await shareContents(member, [
    ["a harbour.png", png(320, 200), "image/png"],
    ["b notes.txt", text, "text/html"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a harbour.png")
  const image = viewer.getByRole("img")
  await expect(image).toHaveJSProperty("naturalWidth", 320)
  expect(new URL((await image.getAttribute("src")) ?? "").origin).toBe(storeUrl)
  await nextFile(viewer)
  await expect(viewer.getByText(/^Showing the first 1 MB of/)).toBeVisible()
  await viewer.getByRole("button", { name: "Show more" }).click()
  await expect(viewer.locator("pre")).toContainText("line 149999")
  expect(await member.readShare(share.id)).toMatchObject({ previews: 2, downloads: 0 })
  await member.post(`/shares/${share.id}/revoke`)
}

/** Downloads a large file whose URL is cut off meanwhile. */
async function downloadLarge(member: MemberClient, visitor: Page) {
  const film = randomFile("film.mov", 70 * 1024 ** 2)
  const { id } = await uploadFromDisk(member, "film.mov", film)
  film.remove()
  const share = await member.shareFiles([id])
  await visitor.goto(share.url)
  const session = await visitor.context().newCDPSession(visitor)
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 0,
    uploadThroughput: -1,
    downloadThroughput: 8 * 1024 ** 2,
  })
  const bar = visitor.getByRole("progressbar")
  const saved = visitor.waitForEvent("download", { timeout: 60_000 })
  await visitor.getByRole("button", { name: "Resumable download" }).click()
  await expect.poll(async () => Number(await bar.getAttribute("aria-valuenow"))).toBeGreaterThan(20)
  expect((await member.post(`/files/${id}/cut-off`)).status()).toBe(202)
  const download = await saved
  await expect(visitor.getByText(/Complete and verified/).first()).toBeVisible()
  const bytes = fs.readFileSync(await download.path())
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(film.sha256)
  const now = await (await member.get(`/shares/${share.id}`)).json()
  expect(now).toMatchObject({ downloads: 1 })
  await member.post(`/shares/${share.id}/revoke`)
}
