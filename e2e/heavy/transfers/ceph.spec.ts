import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { shareByHand } from "../../files/share-a-file.ts"
import { expect } from "../../fixtures.ts"
import { publicUrl } from "../../installation/ceph-bucket.ts"
import { test, withoutCeph } from "../../installation/on-ceph.ts"
import { downloadBy } from "../../network/send-click.ts"

test.skip(...withoutCeph)

test("upload, link, click, revoke and cut off work on another S3, which browsers reach by another name than the app", async ({
  ceph,
  own,
  member,
  memberPage,
  newPage,
}, testInfo) => {
  test.setTimeout(180_000)
  const bytes = randomBytes(3 * 1024 ** 2)
  const file = testInfo.outputPath("Übersicht 図面.pdf")
  fs.writeFileSync(file, bytes)
  const asked: string[] = []
  memberPage.on("request", (request) => asked.push(new URL(request.url()).origin))

  const link = await shareByHand(memberPage, [file])
  expect(new Set(asked)).toEqual(new Set([own.url, publicUrl(ceph)]))

  const visitor = await newPage()
  await visitor.goto(link)
  const download = await downloadBy(visitor, /^Download/)
  expect(new URL(download.url()).origin).toBe(publicUrl(ceph))
  expect(download.suggestedFilename()).toBe("Übersicht 図面.pdf")
  expect(fs.readFileSync(await download.path()).equals(bytes)).toBe(true)

  const shares = (await (await member.get("/shares")).json()).items
  const share = shares.find(({ url }: { url: string }) => url === link)
  expect(share).toMatchObject({ views: 1, downloads: 1 })
  const kept = download.url()
  expect((await fetch(kept, { headers: { range: "bytes=0-0" } })).status).toBe(206)
  const revoked = await member.post(`/shares/${share.id}/revoke`, { cutOff: true })
  expect(await revoked.json()).toMatchObject({
    status: "revoked",
    cutOff: { state: "done", how: "recoloured", objects: 1, probe: { before: 206, status: 403 } },
  })
  expect((await fetch(kept, { headers: { range: "bytes=0-0" } })).status).toBe(403)
  // A separate page: the open one polls its link and reloads itself when that is closed, and a
  // navigation at the same moment has no response.
  expect((await (await newPage()).goto(link))?.status()).toBe(410)
})
