import { type CDPSession, devices, type Page } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { lookAt, nextFile, rowLink, shareContents, viewerOf } from "../browser/look-at.ts"
import { fixture, png } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"

const { defaultBrowserType: _, ...PHONE } = devices["Pixel 7"]

/** Images with different widths: 100, 101 and so on. */
const pictures = (owner: MemberClient, count: number) =>
  shareContents(
    owner,
    Array.from({ length: count }, (_, at) => [
      `picture ${at + 1}.png`,
      png(100 + at, 80),
      "image/png",
    ]),
  )

test("the viewer keeps the focus, goes through the files by keys, and gives the focus back; it counts the images that were viewed, not those that a reader skips", async ({
  owner,
  visitor,
}) => {
  const share = await pictures(owner, 6)
  const asked: string[] = []
  visitor.on("request", (request) => {
    const [, id] = /\/p\/([^/]+)$/.exec(new URL(request.url()).pathname) ?? []
    if (id) asked.push(share.files.find((file) => file.id === id)?.name ?? id)
  })
  await visitor.goto(share.url)
  const viewer = await lookAt(visitor, "picture 1.png")
  const image = viewer.getByRole("img")
  await expect(viewer.locator(".viewer-place")).toContainText("1 of 6")
  await expect(viewer.getByRole("status")).toHaveText("picture 1.png, 1 of 6")
  for (let at = 0; at < 10; at += 1) {
    await visitor.keyboard.press("Tab")
    const isInside = await visitor.evaluate(
      () => document.activeElement === document.body || !!document.activeElement?.closest("dialog"),
    )
    expect(isInside).toBe(true)
  }

  await visitor.keyboard.press("ArrowLeft")
  await expect(viewer).toHaveAccessibleName("picture 1.png")
  await expect(image).toHaveJSProperty("naturalWidth", 100)
  await visitor.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
  })
  await visitor.keyboard.press("ArrowRight")
  await expect(image).toHaveJSProperty("naturalWidth", 101)
  // In one task, as when a key is held down.
  await viewer.getByRole("button", { name: "Next file" }).evaluate((next: HTMLButtonElement) => {
    for (let step = 0; step < 3; step += 1) next.click()
  })
  await expect(image).toHaveJSProperty("naturalWidth", 104)
  await visitor.keyboard.press("ArrowRight")
  await visitor.keyboard.press("ArrowRight")
  await expect(viewer).toHaveAccessibleName("picture 6.png")
  await expect(viewer.getByRole("status")).toHaveText("picture 6.png, 6 of 6")
  await expect(image).toHaveJSProperty("naturalWidth", 105)

  await visitor.keyboard.press("Escape")
  await expect(viewerOf(visitor)).toHaveCount(0)
  await expect(rowLink(visitor, "picture 6.png")).toBeFocused()
  expect(new URL(visitor.url()).hash).toBe("")
  expect(asked).toEqual([1, 2, 5, 6].map((at) => `picture ${at}.png`))
  expect((await owner.readShare(share.id)).previews).toBe(4)
})

test("the back button closes the viewer, forward opens it, and its address can be kept; without JavaScript the link opens the file itself in a new tab", async ({
  owner,
  visitor,
  browse,
  plainVisitor,
  installation,
}) => {
  const share = await pictures(owner, 2)
  await visitor.goto(share.url)
  await lookAt(visitor, "picture 1.png")
  await visitor.keyboard.press("ArrowRight")
  await expect(viewerOf(visitor)).toHaveAccessibleName("picture 2.png")
  const address = visitor.url()
  const first = await viewerOf(visitor).elementHandle()
  await visitor.goBack()
  await expect(viewerOf(visitor)).toHaveCount(0)
  expect(visitor.url()).toBe(share.url)
  await visitor.goForward()
  await expect(viewerOf(visitor)).toHaveAccessibleName("picture 2.png")
  // On a busy machine the close event of the first dialog is only fired now.
  await first?.dispatchEvent("close")
  await expect(viewerOf(visitor)).toHaveAccessibleName("picture 2.png")
  await viewerOf(visitor).getByRole("button", { name: "Close" }).click()
  await expect(viewerOf(visitor)).toHaveCount(0)

  const other = await browse()
  await other.goto(address)
  await expect(viewerOf(other)).toHaveAccessibleName("picture 2.png")
  await other.keyboard.press("Escape")
  await expect(viewerOf(other)).toHaveCount(0)
  expect(other.url()).toBe(share.url)

  const texts = await shareContents(owner, [
    ["notes.txt", "<b>plain</b>", "text/html"],
    ["picture.png", png(60, 40), "image/png"],
  ])
  await plainVisitor.goto(texts.url)
  const link = rowLink(plainVisitor, "notes.txt")
  await expect(link).toHaveAttribute("rel", "noreferrer")
  const opened = plainVisitor.waitForEvent("popup")
  await link.click()
  const tab = await opened
  await tab.waitForLoadState()
  expect(tab.url()).toContain(installation.storeUrl)
  await expect(tab.locator("body")).toHaveText("<b>plain</b>")
  expect(await owner.readShare(texts.id)).toMatchObject({ previews: 1, downloads: 0 })
})

test("on a phone a swipe changes the file, and a pinch enlarges an image", async ({
  owner,
  browse,
}) => {
  const share = await shareContents(owner, [
    ["a.png", png(900, 600), "image/png"],
    ["b.txt", "a text", "text/plain"],
    ["c.png", png(100, 90), "image/png"],
  ])
  const page = await browse(PHONE)
  await page.goto(share.url)
  const viewer = await lookAt(page, "a.png")
  const image = viewer.getByRole("img")
  await expect(image).toHaveJSProperty("naturalWidth", 900)
  await swipe(page, 300, 80)
  await expect(viewer).toHaveAccessibleName("b.txt")
  await expect(viewer.locator("pre")).toHaveText("a text")
  await swipe(page, 300, 80)
  await expect(viewer).toHaveAccessibleName("c.png")
  await swipe(page, 300, 80)
  await expect(viewer).toHaveAccessibleName("c.png")
  await swipe(page, 80, 300)
  await swipe(page, 80, 300)
  await expect(viewer).toHaveAccessibleName("a.png")

  await expect(image).toHaveJSProperty("naturalWidth", 900)
  const fitted = await image.boundingBox()
  await touch(page, "touchStart", [150, 200])
  await touch(page, "touchStart", [150, 200], [200, 400])
  for (let by = 20; by <= 100; by += 20) {
    await touch(page, "touchMove", [150 - by, 400], [200 + by, 400])
  }
  await touch(page, "touchEnd")
  const enlarged = await image.boundingBox()
  expect(enlarged?.width).toBeGreaterThan((fitted?.width ?? 0) * 1.2)
  await swipe(page, 300, 250)
  await expect(viewer).toHaveAccessibleName("a.png")
  expect((await image.boundingBox())?.x).toBeLessThan(enlarged?.x ?? 0)
})

test("a view-only share has no download, says that files can be kept, and shows watermarks", async ({
  owner,
  ownerPage,
  visitor,
  installation,
}) => {
  const share = await shareContents(
    owner,
    [
      ["a plan.png", png(600, 400), "image/png"],
      ["b plan.png", png(601, 400), "image/png"],
      ["cloud.laz", "LASF"],
    ],
    { viewOnly: true, watermark: true, title: "To look at" },
  )
  await ownerPage.goto(`/shares/${share.id}`)
  await ownerPage.getByRole("button", { name: "Edit" }).click()
  const watermark = ownerPage.getByRole("switch", { name: /^Watermark on previews/ })
  await expect(watermark).toHaveAccessibleDescription(/^Shows the recipient’s name, or yours/)
  await visitor.goto(share.url)
  await expect(visitor.getByText("Viewers can still save what they see.")).toBeVisible()
  await expect(visitor.getByRole("button", { name: /Download/ })).toHaveCount(0)
  await expect(visitor.getByText("Preview not available")).toHaveCount(1)
  await visitor.getByRole("link", { name: "Preview files" }).click()
  const viewer = viewerOf(visitor)
  await expect(viewer).toHaveAccessibleName("a plan.png")
  await expect(viewer.getByText("Viewers can still save what they see.")).toBeVisible()
  await expect(viewer.getByRole("button", { name: /Download/ })).toHaveCount(0)
  const mark = viewer.locator(".viewer-watermark")
  await expect(mark).toHaveAttribute("data-text", /^Shared by Nora North · .*Nepal Time/)
  expect(await mark.evaluate((each) => getComputedStyle(each).pointerEvents)).toBe("none")
  await visitor.keyboard.press("ArrowRight")
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 601)
  await expect(mark).toBeVisible()

  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 2 })
  await installation.query("UPDATE link SET recipient = $2 WHERE share_id = $1", [
    share.id,
    "Ada <ada@example.org>",
  ])
  await visitor.goto(share.url)
  await lookAt(visitor, "a plan.png")
  await expect(mark).toHaveAttribute("data-text", /^Ada <ada@example.org> · /)
})

test("with a limit, a preview asks first, counts once, and opens all files; in a view-only link it mentions no download", async ({
  owner,
  browse,
}) => {
  for (const [conditions, question, button] of [
    [{}, /previewing uses one download/, "Preview (uses 1 download)"],
    [{ viewOnly: true }, /limits how many people can preview/, "Preview (counts as 1 viewer)"],
  ] as const) {
    const share = await shareContents(
      owner,
      [
        ["a.txt", "the first", "text/plain"],
        ["b.txt", "the second", "text/plain"],
      ],
      { maxDownloads: 2, ...conditions },
    )
    const visitor = await browse()
    await visitor.goto(share.url)
    const viewer = await lookAt(visitor, "a.txt")
    await expect(viewer.getByText(question)).toBeVisible()
    if ("viewOnly" in conditions) await expect(viewer.getByText(/download/i)).toHaveCount(0)
    expect(await owner.readShare(share.id)).toMatchObject({ downloads: 0, previews: 0 })
    await viewer.getByRole("button", { name: button }).dblclick()
    await expect(viewer.locator("pre")).toHaveText("the first")
    await visitor.keyboard.press("ArrowRight")
    await expect(viewer.locator("pre")).toHaveText("the second")
    await visitor.keyboard.press("Escape")
    if (!("viewOnly" in conditions))
      await expect(visitor.getByText("Your download was counted")).toBeVisible()
    expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1, previews: 2 })

    await visitor.reload()
    await lookAt(visitor, "b.txt")
    await expect(viewerOf(visitor).locator("pre")).toHaveText("the second")
    expect(await owner.readShare(share.id)).toMatchObject({ downloads: 1 })
  }
})

// A separate page for each: after the scheme has changed under a video, axe waits for the video
// forever.
const SCHEMES = process.env.HEAVY ? (["light", "dark"] as const) : (["light"] as const)
for (const colorScheme of SCHEMES) {
  test(`axe finds nothing in the viewer, and nothing is wider than 320 pixels, in ${colorScheme}`, async ({
    owner,
    browse,
  }) => {
    const long = "a_name_without_any_space_that_is_longer_than_a_phone_is_wide".repeat(3)
    const share = await shareContents(owner, [
      [`${long}.png`, png(900, 600), "image/png"],
      ["b clip.webm", fixture("clip.webm"), "video/webm"],
      ["c tone.ogg", fixture("tone.ogg"), "audio/ogg"],
      ["d notes.txt", `${long}\n`.repeat(100), "text/plain"],
      ["e plan.md", `# ${long}\n\n- [ ] [link](https://example.org) \`code\`\n\n> quote\n`],
      ["f main.ts", `const ${long} = "text" // comment\nfunction a() { return 1 }\n`],
      ["g table.csv", `a,b,c\n1,${long},3\n`, "text/csv"],
      ["h broken.png", "broken", "image/png"],
    ])
    const page = await browse({
      colorScheme,
      viewport: { width: 320, height: 600 },
    })
    await page.goto(share.url)
    const viewer = await lookAt(page, `${long}.png`)
    for (const { name } of share.files) {
      await expect(viewer).toHaveAccessibleName(name)
      await expect(viewer.getByText("Loading")).toHaveCount(0)
      await expectNoViolations(page, name, "dialog[open]")
      expect(
        await viewer.evaluate((dialog) => [
          dialog.scrollWidth - dialog.clientWidth,
          document.documentElement.scrollWidth - innerWidth,
        ]),
        name,
      ).toEqual([0, 0])
      await expect(viewer.getByRole("button", { name: "Close" })).toBeInViewport({ ratio: 1 })
      await nextFile(viewer)
    }
  })
}

const sessions = new WeakMap<Page, CDPSession>()

async function touch(page: Page, type: "touchStart" | "touchMove" | "touchEnd", ...at: number[][]) {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  const touchPoints = at.map(([x = 0, y = 0], id) => ({ x, y, id }))
  await session.send("Input.dispatchTouchEvent", { type, touchPoints })
}

async function swipe(page: Page, from: number, to: number) {
  await touch(page, "touchStart", [from, 400])
  for (let part = 1; part <= 4; part += 1) {
    await touch(page, "touchMove", [from + ((to - from) * part) / 4, 402])
  }
  await touch(page, "touchEnd")
}
