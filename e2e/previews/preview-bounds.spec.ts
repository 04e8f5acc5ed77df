import type { Locator } from "@playwright/test"
import { lookAt, nextFile, shareContents } from "../browser/look-at.ts"
import { blackPng, png } from "../files/make-files.ts"
import { chooseFiles, shareByHand } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

const SOURCE = "too large or too complex to format"

const elementsIn = (viewer: Locator) =>
  viewer.evaluate((dialog) => dialog.getElementsByTagName("*").length)

test("Markdown of 124,000 character references is parsed as one text, and shown at once", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [
    ["a.md", `# Signs &amp; more\n\n${"&lt;".repeat(124_000)}`],
    ["b.md", "&copy; &#x41; &#0; &nosuch; A&B &lt/ </title><b>c</b> \\<\n"],
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
})

const TOO_MUCH = [
  ["a table of 120,000 columns", `|${"a|".repeat(120_000)}\n|${"-|".repeat(120_000)}\n`],
  [
    "a table whose short rows are filled up",
    `|${"a|".repeat(150)}\n|${"-|".repeat(150)}\n${"|\n".repeat(100_000)}`,
  ],
  ["55,000 lists", "- a\n\nb\n\n".repeat(55_000)],
  ["80,000 words in bold", "**a** ".repeat(80_000)],
] as const
for (const [what, text] of TOO_MUCH.slice(0, process.env.HEAVY ? TOO_MUCH.length : 1))
  test(`Markdown of ${what} is shown as its source, in as few elements as that needs`, async ({
    owner,
    visitor,
  }) => {
    const share = await shareContents(owner, [["a.md", text]])
    await visitor.goto(share.url)
    const viewer = await lookAt(visitor, "a.md")
    await expect(viewer.locator(".viewer-scroll")).toContainText(SOURCE)
    expect(await elementsIn(viewer)).toBeLessThan(3_000)
    const shown = await viewer.locator("pre").textContent()
    expect(shown === text).toBe(true)
    await visitor.keyboard.press("Escape")
    await expect(viewer).toHaveCount(0)
  })

test("a table of CSV has as many rows as a page can lay out, and says so", async ({
  owner,
  visitor,
}) => {
  const row = (field: string) => `${Array(50).fill(field).join(",")}\n`
  const share = await shareContents(owner, [
    ["a.csv", row("abc").repeat(1_000), "text/csv"],
    ["b.csv", row("abc ".repeat(40)).repeat(1_000), "text/csv"],
    ["c.csv", "a,b,c\n".repeat(1_000), "text/csv"],
  ])
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "a.csv")
  await expect(viewer.locator("tbody tr")).toHaveCount(400)
  await expect(viewer).toContainText("Showing the first 400 rows. The file contains more.")
  await nextFile(viewer)
  await expect(viewer).toContainText("Showing the first 61 rows. The file contains more.")
  await expect(viewer.locator("tbody tr")).toHaveCount(61)
  await nextFile(viewer)
  await expect(viewer.locator("tbody tr")).toHaveCount(999)
  await expect(viewer).not.toContainText("The file contains more.")
})

test("of a text of half a million lines only the visible ones are laid out", async ({
  owner,
  visitor,
}) => {
  const line = "a\n"
  const share = await shareContents(owner, [
    ["a.txt", `${line.repeat(524_286)}b\nthe middle\n${"c\n".repeat(300)}`],
    ["b.js", line.repeat(140_000)],
  ])
  await visitor.addInitScript(() => {
    const { laidOut } = Object.assign(window, { laidOut: new Set<EventTarget | null>() })
    const note = (event: Event) => {
      if (event instanceof ContentVisibilityAutoStateChangeEvent && !event.skipped)
        laidOut.add(event.target)
    }
    addEventListener("contentvisibilityautostatechange", note, true)
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
  await viewer.getByRole("button", { name: "Show more" }).click()
  await expectBlocks(2_624)
  const text = await pre.textContent()
  expect(text?.includes("a\nb\nthe middle\nc\n")).toBe(true)
  await nextFile(viewer)
  await expectBlocks(700)
})

test("an image that would take a gigabyte to draw is offered as a download, and gets no thumbnail", async ({
  ownerPage,
  visitor,
  installation,
}) => {
  const mimeType = "image/png"
  const bomb = { name: "bomb.png", mimeType, buffer: blackPng(16_000, 16_000) }
  const link = await shareByHand(ownerPage, [bomb])
  // The thumbnails are drawn one after another.
  await chooseFiles(ownerPage, [{ name: "boat.png", mimeType, buffer: png(640, 480) }])
  const drawn = async () =>
    (
      await installation.query<{ name: string }>(
        "SELECT name FROM file WHERE thumbnail_key IS NOT NULL",
      )
    )
      .map(({ name }) => name)
      .filter((name) => ["bomb.png", "boat.png"].includes(name))
  await expect.poll(drawn).toContain("boat.png")
  expect(await drawn()).toEqual(["boat.png"])

  await visitor.goto(link)
  const viewer = await lookAt(visitor, "bomb.png")
  await expect(viewer.locator(".viewer-message")).toContainText("256 megapixels")
  await expect(viewer.getByRole("button", { name: "Download" }).first()).toBeVisible()
  await expect(viewer.locator("img")).toHaveCount(0)
})
