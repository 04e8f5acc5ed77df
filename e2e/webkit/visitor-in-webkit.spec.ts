import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { mergeTests } from "@playwright/test"
import { shareContents } from "../browser/look-at.ts"
import { fixture, png } from "../files/make-files.ts"
import { unpack } from "../files/unpack.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test as shared } from "../fixtures.ts"
import { test as inWebKit, withoutWebKit } from "./webkit.ts"

const test = mergeTests(shared, inWebKit)

test.skip(...withoutWebKit)

const VIEWER = "document.querySelector('dialog[open]')"

test("in WebKit a visitor previews a text and a picture, and downloads every byte of a file", async ({
  owner,
  person,
}) => {
  const bytes = randomBytes(4 * 1024 ** 2)
  const share = await shareContents(owner, [
    ["notes.md", "# The harbour\n\n- depth **4 m**", "text/markdown"],
    ["picture.png", png(400, 300), "image/png"],
    ["survey.laz", bytes],
  ])
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.sees("Nora North sent you")

  await visitor.press("Preview notes.md")
  await visitor.sees("depth 4 m")
  const heading = `return ${VIEWER}?.querySelector(".viewer-stage :is(h1, h2, h3)")?.textContent`
  await expect.poll(() => visitor.evaluate(heading)).toBe("The harbour")
  await visitor.press("Next file")
  const width = () =>
    visitor.evaluate(
      `return ${VIEWER}.querySelector("img.viewer-image, .viewer-stage img")?.naturalWidth ?? 0`,
    )
  await expect.poll(width, { timeout: 20_000 }).toBe(400)
  await visitor.press("Close")

  await visitor.press("Download survey.laz")
  expect(fs.readFileSync(await visitor.downloaded("survey.laz")).equals(bytes)).toBe(true)
  expect(await owner.readShare(share.id)).toMatchObject({
    views: 1,
    botViews: 0,
    previews: 2,
    downloads: 1,
  })
})

test("in WebKit a password opens a link, and a wrong one does not", async ({ owner, person }) => {
  const share = await owner.share("survey.pdf", { password: "open sesame", title: "Secret plan" })
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.type("//input[@type='password']", "open barley")
  await visitor.press("Open")
  await visitor.sees("Incorrect password")
  await visitor.type("//input[@type='password']", "open sesame")
  await visitor.press("Open")
  await visitor.sees("Secret plan")
  await visitor.press("Download")
  expect(fs.readFileSync(await visitor.downloaded("survey.pdf"), "utf8")).toBe(
    "the bytes of survey.pdf",
  )
})

test("in WebKit all files are downloaded as one ZIP with their folders, by one claim", async ({
  owner,
  person,
}, testInfo) => {
  const files = [
    { path: "", name: "räksmörgås.jpg", bytes: randomBytes(2_000) },
    { path: "survey 2026/day 1", name: "film.mov", bytes: randomBytes(20_000_000) },
    { path: "survey 2026", name: "図面.pdf", bytes: randomBytes(300_000) },
  ]
  const share = await owner.shareFiles(await uploadFiles(owner, files), {
    title: "Harbour",
    maxDownloads: 1,
  })
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.press("Download all")
  await visitor.sees("All 3 files are in Harbour.zip.", 60_000)

  const unpacked = unpack(await visitor.downloaded("Harbour.zip"), testInfo.outputPath("unpacked"))
  for (const { path, name, bytes } of files) {
    const entry = path ? `${path}/${name}` : name
    expect(unpacked.get(entry)?.equals(bytes), entry).toBe(true)
  }
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, status: "used_up" })
})

test("in WebKit a view-only link shows a picture under its watermark, and offers no download", async ({
  owner,
  person,
}) => {
  const share = await shareContents(owner, [["plan.png", png(400, 300), "image/png"]], {
    viewOnly: true,
    watermark: true,
  })
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.press("Preview plan.png")
  const drawn = () =>
    visitor.evaluate(
      `const image = ${VIEWER}?.querySelector("canvas, .viewer-stage img"); return (image?.naturalWidth ?? image?.width) || 0`,
    )
  await expect.poll(drawn, { timeout: 20_000 }).toBeGreaterThan(0)
  await visitor.sees(/Nora North ·/)
  expect(await visitor.evaluate("return document.body.innerText")).not.toMatch(/Download ·/)
  expect(await owner.readShare(share.id)).toMatchObject({ previews: 1 })
})

test("in WebKit a video plays in the viewer", async ({ owner, person }) => {
  const share = await shareContents(owner, [["clip.webm", fixture("clip.webm"), "video/webm"]])
  const visitor = await person()
  await visitor.goto(share.url)
  await visitor.press("Play clip.webm")
  // The driver cannot press the video's own controls.
  const played = () =>
    visitor.evaluate<number>(
      `const video = ${VIEWER}?.querySelector("video")
      if (video?.paused) {
        video.muted = true
        video.play().catch(() => {})
      }
      return video?.currentTime ?? 0`,
    )
  await expect.poll(played, { timeout: 20_000 }).toBeGreaterThan(0.1)
})
