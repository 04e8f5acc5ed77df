import {
  expectPlaying,
  lookAt,
  nextFile,
  play,
  playerIn,
  rowLink,
  shareContents,
} from "../browser/look-at.ts"
import { fixture, png, turnedJpeg, wav } from "../files/make-files.ts"
import { pdf } from "../files/make-pdf.ts"
import { expect, test } from "../fixtures.ts"

test("images are fitted, rotated by their EXIF data, and enlarged on demand", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["harbour.png", png(2000, 1200), "image/png"],
    ["turned.jpg", turnedJpeg(), "image/jpeg"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "harbour.png")
  const image = viewer.getByRole("img", { name: "harbour.png" })
  await expect(image).toHaveJSProperty("naturalWidth", 2000)
  const fitted = await image.boundingBox()
  const stage = await viewer.locator(".viewer-stage").boundingBox()
  expect(fitted?.width).toBeLessThanOrEqual(stage?.width ?? 0)
  expect(fitted?.height).toBeLessThanOrEqual(stage?.height ?? 0)

  await viewer.getByRole("button", { name: "Zoom in" }).click()
  await expect
    .poll(async () => (await image.boundingBox())?.width)
    .toBeCloseTo((fitted?.width ?? 0) * 1.5, 0)
  await expect(viewer.getByRole("status")).toHaveText("150% of fitted size")
  await visitor.mouse.move(500, 400)
  await visitor.mouse.down()
  await visitor.mouse.move(440, 400)
  await visitor.mouse.up()
  await expect
    .poll(async () => (await image.boundingBox())?.x)
    .toBeCloseTo((fitted?.x ?? 0) - (fitted?.width ?? 0) / 4 - 60, 0)
  await visitor.keyboard.press("0")
  await expect.poll(() => image.boundingBox()).toEqual(fitted)
  await visitor.mouse.wheel(0, -300)
  await expect.poll(async () => (await image.boundingBox())?.width).toBeGreaterThan(1_500)

  await visitor.keyboard.press("ArrowRight")
  const turned = viewer.getByRole("img", { name: "turned.jpg" })
  await expect(turned).toHaveJSProperty("naturalWidth", 96)
  await expect(turned).toHaveJSProperty("naturalHeight", 128)
  expect(await owner.readShare(share.id)).toMatchObject({ previews: 2, downloads: 0, views: 1 })
})

test("videos and sounds play in the page; a single film when asked, and then it counts", async ({
  owner,
  visitor,
}) => {
  const kinds: Parameters<typeof shareContents>[1] = [
    ["film.mp4", fixture("film.mp4"), "video/mp4"],
    ["tone.mp3", fixture("tone.mp3"), "audio/mpeg"],
  ]
  if (process.env.HEAVY)
    kinds.push(
      ["tone.ogg", fixture("tone.ogg"), "audio/ogg"],
      ["wave.wav", wav(5), "audio/wav"],
      ["z clip.webm", fixture("clip.webm"), "video/webm"],
    )
  const share = await shareContents(owner, kinds)
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "film.mp4")
  for (const [name] of kinds) {
    await expect(viewer).toHaveAccessibleName(name)
    const player = playerIn(viewer)
    await expect(player).toHaveAccessibleName(name)
    await play(player)
    await expectPlaying(player, 0.3)
    await nextFile(viewer)
  }

  const film = await shareContents(owner, [["film.mp4", fixture("film.mp4"), "video/mp4"]])
  await visitor.goto(film.url)
  await expect(rowLink(visitor, "film.mp4")).toBeVisible()
  expect((await owner.readShare(film.id)).previews).toBe(0)
  await expectPlaying(playerIn(await lookAt(visitor, "film.mp4")), 0)
  expect((await owner.readShare(film.id)).previews).toBe(1)
})

test("texts, Markdown, code and tables are shown by their kind, have the focus, and are left by an arrow key", async ({
  owner,
  visitor,
}) => {
  const rows = Array.from({ length: 1_500 }, (_, at) => `Row ${at};Göteborg;"${at},5"`)
  const table = Buffer.from(`name;city;amount\n${rows.join("\n")}\n`, "latin1")
  const share = await shareContents(owner, [
    ["a notes.txt", Buffer.from("\ufeffÜber\nden Hafen", "utf16le"), "text/plain"],
    [
      "b plan.md",
      "# The plan\n\n- [x] *one* &amp; **two**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```js\nconst a = 1\n```\n",
      "text/markdown",
    ],
    ["c main.py", 'def main():\n    return "harbour"  # done\n', "text/x-python"],
    ["d table.csv", table, "text/csv"],
    ["e empty.txt", "", "text/plain"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a notes.txt")
  const readOn = async () => {
    await expect(viewer.getByRole("region")).toBeFocused()
    await visitor.keyboard.press("ArrowRight")
  }
  await expect(viewer.locator("pre")).toHaveText("Über\nden Hafen", { useInnerText: true })

  await readOn()
  await expect(viewer.getByRole("heading", { name: "The plan" })).toBeVisible()
  await expect(viewer.getByRole("checkbox", { name: "Done", exact: true })).toBeChecked()
  await expect(viewer.locator("em")).toHaveText("one")
  await expect(viewer.getByRole("listitem")).toContainText("one & two")
  await expect(viewer.getByRole("cell", { name: "2" })).toBeVisible()
  await expect(viewer.locator("pre .hljs-keyword")).toHaveText("const")

  await readOn()
  await expect(viewer.locator("code .hljs-keyword")).toHaveText(["def", "return"])
  await expect(viewer.locator("code .hljs-string")).toHaveText('"harbour"')
  await expect(viewer.locator("pre")).toContainText('return "harbour"  # done')

  await readOn()
  await expect(viewer.getByRole("columnheader")).toHaveText(["name", "city", "amount"])
  await expect(viewer.getByRole("row")).toHaveCount(1_001)
  await expect(viewer.getByRole("cell").nth(2)).toHaveText("0,5")
  await expect(viewer.getByRole("cell", { name: "Göteborg" }).first()).toBeVisible()
  await expect(
    viewer.getByText("Showing the first 1,000 rows. The file contains more."),
  ).toBeVisible()

  await readOn()
  await expect(viewer.locator(".viewer-message", { hasText: "is empty" })).toBeVisible()
})

test("a file whose content does not match its name is replaced by a message, and so is a PDF in a browser that shows none, which offers the download", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["a broken.png", "no picture", "image/png"],
    ["b broken.mp4", "no film", "video/mp4"],
    ["d broken.txt", Buffer.from("PK\x03\x04\0\0\0"), "text/plain"],
    ["e plan.pdf", pdf("The plan"), "application/pdf"],
    ["point cloud.laz", "LASF", "application/octet-stream"],
  ])
  await visitor.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, "pdfViewerEnabled", { get: () => false })
  })
  await visitor.goto(share.url)
  await expect(visitor.getByRole("button", { name: "Download point cloud.laz" })).toBeVisible()
  await expect(rowLink(visitor, "point cloud.laz")).toHaveCount(0)
  const viewer = await lookAt(visitor, "a broken.png")
  for (const sentence of ["may be damaged", "may be damaged", "shown as text"]) {
    await expect(viewer.locator(".viewer-message")).toContainText(sentence)
    await expect(viewer.getByRole("status")).toContainText(sentence)
    await nextFile(viewer)
  }
  await expect(viewer.locator(".viewer-message", { hasText: "can’t show PDFs" })).toBeVisible()
  const download = visitor.waitForEvent("download")
  await viewer.getByRole("button", { name: "Download" }).click()
  expect((await download).suggestedFilename()).toBe("e plan.pdf")
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
})

test("no content of a file is executed, loads resources or navigates", async ({
  owner,
  visitor,
  installation,
}) => {
  const evil = '<script>window.hit=1</script><img src=x onerror="window.hit=2">'
  const share = await shareContents(owner, [
    ["a page.html", `<!doctype html>${evil}`, "text/html"],
    ["b drawing.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hit=3"/>`],
    ["c feed.xml", `<?xml version="1.0"?><a xmlns:h="http://www.w3.org/1999/xhtml">${evil}</a>`],
    [
      "d evil.md",
      [
        evil,
        "[a](javascript:window.hit=4) [b](java&#115;cript:window.hit=5) [c](data:text/html,x)",
        "![beacon](https://tracker.example/beacon.png)",
        "text <b onclick='window.hit=6'>bold</b> [site](https://example.org/) <me@example.org>",
      ].join("\n\n"),
    ],
    ["e evil.csv", `=HYPERLINK("https://evil.example"),${evil}\n"<iframe src=//evil.example>",2\n`],
    [
      "f evil.js",
      "/* </code></pre><script>window.hit=7</script> */ const a = `</span><img src=x>`",
    ],
    ["g picture.png", evil, "text/html"],
    // A text that exhausts a parser, or is nested without end, is shown as it is.
    ["h slow.md", `<b>${"_a_b".repeat(30_000)}`],
    ["i deep.md", `<b>${"\n> ".repeat(1)}${"> ".repeat(20_000)}deep`],
  ])
  const elsewhere: string[] = []
  visitor.on("request", (request) => {
    const isOurs = [installation.url, installation.storeUrl].some((our) =>
      request.url().startsWith(our),
    )
    if (!isOurs) elsewhere.push(request.url())
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a page.html")
  for (const { name } of share.files) {
    await expect(viewer).toHaveAccessibleName(name)
    await expect(viewer.getByText("Loading")).toHaveCount(0)
    const stage = viewer.locator(".viewer-stage")
    await expect(stage.locator("script, iframe, img, svg, [onerror], [onload]")).toHaveCount(0)
    await expect(stage).toContainText(name === "d evil.md" ? "beacon" : /</)
    if (name === "d evil.md") {
      const links = await stage
        .getByRole("link")
        .evaluateAll((all) =>
          all.map((link) => [link.getAttribute("href"), link.getAttribute("rel")]),
        )
      const rel = "noopener noreferrer nofollow ugc"
      expect(links).toEqual([
        ["https://example.org/", rel],
        ["mailto:me@example.org", rel],
      ])
    }
    await nextFile(viewer)
  }
  expect(await visitor.evaluate(() => Reflect.get(window, "hit"))).toBeUndefined()
  expect(elsewhere).toEqual([])
})
