import { expect, test } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { aShareOfFiles } from "#testing/builders/a-share-of-files.ts"
import type { VisitorKind } from "#testing/link-answers/link-situations.ts"
import { askVisitor } from "#testing/visitors/visitor-client.ts"

/** A share of pictures with thumbnails, in folders of a hundred. */
async function aShareOfPictures(count: number) {
  const share = await aShareOfFiles(
    Array.from({ length: count }, (_, n) => ({
      name: `IMG ${n}.jpg`,
      path: `day ${Math.floor(n / 100)}`,
    })),
  )
  await db.$executeRaw`
    INSERT INTO object (key, file_id, kind, state, size, put_expires_at, live_since)
    SELECT 'o/' || md5('t' || id), id, 'thumbnail', 'live', 1, now(), now() FROM file
    WHERE id = ANY(${share.ids}::uuid[])`
  await db.$executeRaw`
    UPDATE file SET thumbnail_key = 'o/' || md5('t' || id) WHERE id = ANY(${share.ids}::uuid[])`
  return share
}

async function get(path: string, by: VisitorKind = "person") {
  const { body } = await askVisitor({ method: "GET", path, by })
  return typeof body === "string" ? body : ""
}
const countOf = (html: string, what: "row" | "tile") =>
  html.split(`class="file-${what}"`).length - 1
const hrefOf = (html: string) =>
  /href="([^"]*)#files"[^>]* rel="next"/.exec(html)?.[1]?.replaceAll("&amp;", "&")

test("a gallery has at most 500 files a page, and its pages lead to every picture once", async () => {
  const { token } = await aShareOfPictures(620)
  const shown: number[] = []
  for (let path: string | undefined = `/s/${token}`; path; ) {
    const html = await get(path)
    expect(countOf(html, "row")).toBe(0)
    expect(html.match(/loading="lazy"/g)).toHaveLength(countOf(html, "tile"))
    shown.push(countOf(html, "tile"))
    path = hrefOf(html)
  }
  expect(Math.max(...shown)).toBeLessThanOrEqual(500)
  expect(shown.reduce((sum, count) => sum + count, 0)).toBe(620)
})

test("a single file has no row of its folder", async () => {
  const file = { name: "Report.docx", path: "Reports/2026" }
  const pageOf = async (files: (typeof file)[]) => get(`/s/${(await aShareOfFiles(files)).token}`)

  expect(await pageOf([file, { ...file, name: "Notes.docx" }])).toContain("Reports/2026")
  expect(await pageOf([file])).not.toContain("Reports/2026")
})

test("bots, links without previews and visitors before a claim see rows", async () => {
  const { token, shareId } = await aShareOfPictures(3)
  const path = `/s/${token}`
  expect(countOf(await get(path), "tile")).toBe(3)
  for (const by of ["unfurler", "library"] as const) {
    expect([countOf(await get(path, by), "row"), countOf(await get(path, by), "tile")]).toEqual([
      3, 0,
    ])
  }
  for (const data of [{ preview: false }, { preview: true, maxDownloads: 5 }]) {
    await db.share.update({ where: { id: shareId }, data })
    const html = await get(path)
    expect([countOf(html, "row"), countOf(html, "tile")]).toEqual([3, 0])
    expect(html).not.toContain("<img")
  }
})
