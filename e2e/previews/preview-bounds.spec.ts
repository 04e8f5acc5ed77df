import type { Locator } from "@playwright/test"
import { lookAt, nextFile, shareContents } from "../browser/look-at.ts"
import { blackPng, png } from "../files/make-files.ts"
import { chooseFiles, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

// The store refuses a URL that was cut off, and the browser logs that.
test.use({ allowed: [/status of 403/] })

const SOURCE = "too large or too complex to format"

const elementsIn = (viewer: Locator) =>
  viewer.evaluate((dialog) => dialog.getElementsByTagName("*").length)

/** Shown as its source, in as few elements as that needs. */
const TOO_MUCH: [name: string, text: string][] = [
  ["f a table of 120,000 columns.md", `|${"a|".repeat(120_000)}\n|${"-|".repeat(120_000)}\n`],
  [
    "g a table whose short rows are filled up.md",
    `|${"a|".repeat(150)}\n|${"-|".repeat(150)}\n${"|\n".repeat(100_000)}`,
  ],
  ["h 55,000 lists.md", "- a\n\nb\n\n".repeat(55_000)],
  ["i 80,000 words in bold.md", "**a** ".repeat(80_000)],
]
test("what a page cannot lay out is shown as far as it can: Markdown of 124,000 character references as one text, of 120,000 columns as its source, a table of CSV with as many rows as fit", async ({
  owner,
  visitor,
}) => {
  const row = (field: string) => `${Array(50).fill(field).join(",")}\n`
  const share = await shareContents(owner, [
    ["a.md", `# Signs &amp; more\n\n${"&lt;".repeat(124_000)}`],
    ["b.md", "&copy; &#x41; &#0; &nosuch; A&B &lt/ </title><b>c</b> \\<\n"],
    ["c.csv", row("abc").repeat(1_000), "text/csv"],
    ["d.csv", row("abc ".repeat(40)).repeat(1_000), "text/csv"],
    ["e.csv", "a,b,c\n".repeat(1_000), "text/csv"],
    ...TOO_MUCH.slice(0, process.env.HEAVY ? TOO_MUCH.length : 1),
  ])
  await visitor.addInitScript(() => {
    const { parseFromString } = DOMParser.prototype
    const counted = Object.assign(window, { parsed: 0 })
    DOMParser.prototype.parseFromString = function (...input) {
      counted.parsed += 1
      return parseFromString.apply(this, input)
    }
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a.md")
  await expect(viewer.getByRole("heading", { name: "Signs & more" })).toBeVisible()
  const text = await viewer.locator("article > p").textContent()
  expect(text === "<".repeat(124_000)).toBe(true)
  expect(await visitor.evaluate("window.parsed")).toBeLessThan(10)

  await visitor.keyboard.press("ArrowRight")
  const article = viewer.locator("article")
  await expect(article).toHaveText("© A \ufffd &nosuch; A&B &lt/ </title><b>c</b> <")
  await expect(article.locator("b, title")).toHaveCount(0)

  await nextFile(viewer)
  await expect(viewer.locator("tbody tr")).toHaveCount(400)
  await expect(viewer).toContainText("Showing the first 400 rows. The file contains more.")
  await nextFile(viewer)
  await expect(viewer).toContainText("Showing the first 61 rows. The file contains more.")
  await expect(viewer.locator("tbody tr")).toHaveCount(61)
  await nextFile(viewer)
  await expect(viewer.locator("tbody tr")).toHaveCount(999)
  await expect(viewer).not.toContainText("The file contains more.")

  for (const { name } of share.files.slice(5)) {
    await nextFile(viewer)
    await expect(viewer).toHaveAccessibleName(name)
    await expect(viewer.locator(".viewer-scroll")).toContainText(SOURCE)
    expect(await elementsIn(viewer)).toBeLessThan(3_000)
    const shown = await viewer.locator("pre").textContent()
    expect(shown === new Map<string, string>(TOO_MUCH).get(name), name).toBe(true)
  }
  await visitor.keyboard.press("Escape")
  await expect(viewer).toHaveCount(0)
})

test("a long text is loaded in pieces, even if it is one line of seven million characters or its URL was cut off; of half a million lines only the visible ones are laid out", async ({
  owner,
  visitor,
  installation,
}) => {
  const line = "a\n"
  const share = await shareContents(owner, [
    ["a.txt", `${line.repeat(524_286)}b\nthe middle\n${"c\n".repeat(300)}`],
    ["b.js", line.repeat(140_000)],
    ["c line.json", `"${"0123456789".repeat(700_000)}"`],
  ])
  await visitor.addInitScript(() => {
    const { laidOut } = Object.assign(window, { laidOut: new Set<EventTarget | null>() })
    const note = (event: Event) => {
      if (event instanceof ContentVisibilityAutoStateChangeEvent && !event.skipped)
        laidOut.add(event.target)
    }
    addEventListener("contentvisibilityautostatechange", note, true)
  })
  const read: { url: string; range: string | undefined }[] = []
  visitor.on("request", (request) => {
    const { range } = request.headers()
    if (request.url().startsWith(installation.storeUrl)) read.push({ url: request.url(), range })
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a.txt")
  const pre = viewer.locator("pre")
  const expectBlocks = async (count: number) => {
    await expect(pre.locator("> span")).toHaveCount(count)
    await expect.poll(() => visitor.evaluate("laidOut.size")).toBeGreaterThan(0)
    expect(await visitor.evaluate("laidOut.size")).toBeLessThan(60)
  }
  await expectBlocks(2_622)
  // A line that the first MiB cuts continues where it ended.
  await expect(viewer.getByText(/^Showing the first 1 MB of 1/)).toBeVisible()
  await viewer.getByRole("button", { name: "Show more" }).click()
  await expectBlocks(2_624)
  await expect(viewer.getByRole("button", { name: "Show more" })).toHaveCount(0)
  expect(read.map(({ range }) => range)).toEqual([
    "bytes=0-1048575",
    expect.stringMatching(/^bytes=1048576-/),
  ])
  const text = await pre.textContent()
  expect(text?.includes("a\nb\nthe middle\nc\n")).toBe(true)
  await nextFile(viewer)
  await expectBlocks(700)

  await nextFile(viewer)
  await expect(viewer.getByText("Showing the first 1 MB of 7 MB.")).toBeVisible()
  const length = () => pre.evaluate((pre) => pre.textContent?.length)
  expect(await length()).toBe(1024 ** 2)
  const { url = "" } = read.at(-1) ?? {}
  expect((await owner.post(`/files/${share.files[2]?.id}/cut-off`)).status()).toBe(202)
  await expect
    .poll(async () => (await fetch(url, { headers: { range: "bytes=0-0" } })).status)
    .toBe(403)
  await viewer.getByRole("button", { name: "Show more" }).click()
  await expect.poll(length).toBeGreaterThan(1024 ** 2)
})

test("an image that would take a gigabyte to draw is not drawn on the page and offered as a download, and gets no thumbnail", async ({
  ownerPage,
  visitor,
  installation,
}) => {
  const mimeType = "image/png"
  const bomb = { name: "bomb.png", mimeType, buffer: blackPng(16_000, 16_000) }
  const link = await shareByHand(ownerPage, [bomb])
  // The thumbnails are drawn one after another.
  await chooseFiles(ownerPage, [{ name: "raft.png", mimeType, buffer: png(640, 480) }])
  const drawn = async () =>
    (
      await installation.query<{ name: string }>(
        "SELECT name FROM file WHERE thumbnail_key IS NOT NULL",
      )
    )
      .map(({ name }) => name)
      .filter((name) => ["bomb.png", "raft.png"].includes(name))
  await expect.poll(drawn, { timeout: 30_000 }).toContain("raft.png")
  expect(await drawn()).toEqual(["raft.png"])

  const loaded = visitor.waitForResponse((answer) => answer.url().includes("bomb.png"))
  await visitor.goto(link)
  await (await loaded).finished()
  await expect(visitor.getByRole("link", { name: "Preview bomb.png" })).toBeVisible()
  await expect(visitor.locator("#files img")).toHaveCount(0)
  const viewer = await lookAt(visitor, "bomb.png")
  await expect(viewer.locator(".viewer-message")).toContainText("256 megapixels")
  await expect(viewer.getByRole("button", { name: "Download" }).first()).toBeVisible()
  await expect(viewer.locator("img")).toHaveCount(0)
})
