import { randomBytes } from "node:crypto"
import { mergeTests } from "@playwright/test"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test as shared } from "../fixtures.ts"
import { button, expectText, test as inFirefox, withoutFirefox } from "./firefox.ts"

const test = mergeTests(shared, inFirefox)

test.skip(...withoutFirefox)

test("in Firefox all files are downloaded as one ZIP with their folders, through the service worker, by one claim", async ({
  owner,
  person,
}, testInfo) => {
  const files = [
    { path: "", name: "räksmörgås.jpg", bytes: randomBytes(2_000) },
    { path: "survey 2026/day 1/raw", name: "図面.pdf", bytes: randomBytes(300_000) },
    // Too large to be fetched whole before its entry is written.
    { path: "survey 2026/day 1", name: "film.mov", bytes: randomBytes(20_000_000) },
    { path: "survey 2026", name: "plan.pdf", bytes: randomBytes(2_000) },
    { path: "survey 2026", name: "plan.pdf", bytes: randomBytes(2_000) },
  ]
  const wanted = [
    "räksmörgås.jpg",
    "survey 2026/day 1/raw/図面.pdf",
    "survey 2026/day 1/film.mov",
    "survey 2026/plan.pdf",
    "survey 2026/plan (2).pdf",
  ]
  const share = await owner.shareFiles(await uploadFiles(owner, files), {
    title: "Harbour: survey?",
    maxDownloads: 1,
  })

  const { page, downloaded } = await person()
  await page.goto(share.url)
  await button(page, "Download all").click()
  await expectText(page, "All 5 files are in Harbour_ survey_.zip.", 60_000)
  const archive = await downloaded("Harbour_ survey_.zip")

  const unpacked = unpack(archive, testInfo.outputPath("unpacked"))
  expect([...unpacked.keys()].toSorted()).toEqual([...wanted, "LAPSE.txt"].toSorted())
  for (const [at, name] of wanted.entries())
    expect(unpacked.get(name)?.equals(files[at]?.bytes ?? Buffer.alloc(0)), name).toBe(true)
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
})
