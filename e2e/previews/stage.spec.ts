import { expectNoViolations } from "../browser/axe.ts"
import { expectPlaying, lookAt, playerIn, shareContents } from "../browser/look-at.ts"
import { blackPng, fixture, png } from "../files/make-files.ts"
import { expect, test } from "../fixtures.ts"

test("a single picture fills the page and counts as a preview; with a limit, or without JavaScript, it waits", async ({
  owner,
  visitor,
  plainVisitor,
}) => {
  const share = await shareContents(owner, [["harbour.png", png(640, 480), "image/png"]])
  await visitor.goto(share.url)
  const picture = visitor.getByRole("link", { name: "Preview harbour.png" }).locator("img")
  await expect(picture).toHaveJSProperty("naturalWidth", 640)
  await expect(picture).toBeInViewport({ ratio: 1 })
  await expect(visitor.getByRole("button", { name: /^Download/ })).toBeInViewport({ ratio: 1 })
  await expectNoViolations(visitor, "a single picture")
  const viewer = await lookAt(visitor, "harbour.png")
  await expect(viewer.getByRole("img")).toHaveJSProperty("naturalWidth", 640)
  expect(await owner.readShare(share.id)).toMatchObject({ views: 1, previews: 1, downloads: 0 })

  await plainVisitor.goto(share.url)
  await expect(plainVisitor.getByRole("link", { name: "Preview harbour.png" })).toBeVisible()
  await expect(plainVisitor.getByRole("button", { name: /^Download/ })).toBeVisible()
  expect((await owner.readShare(share.id)).previews).toBe(1)

  const limited = await shareContents(owner, [["boat.png", png(640, 480), "image/png"]], {
    maxDownloads: 2,
  })
  await visitor.goto(limited.url)
  await expect(visitor.getByRole("link", { name: "Preview boat.png" })).toBeVisible()
  await expect(visitor.locator("#files img")).toHaveCount(0)
  expect((await owner.readShare(limited.id)).previews).toBe(0)
})

test("a picture that would take a gigabyte to draw is not shown on the page", async ({
  owner,
  visitor,
}) => {
  const share = await shareContents(owner, [["bomb.png", blackPng(16_000, 16_000), "image/png"]])
  const loaded = visitor.waitForResponse((answer) => answer.url().includes("bomb.png"))
  await visitor.goto(share.url)
  await (await loaded).finished()
  await expect(visitor.getByRole("link", { name: "Preview bomb.png" })).toBeVisible()
  await expect(visitor.locator("#files img")).toHaveCount(0)
})

test("a single film plays when asked, and counts then", async ({ owner, visitor }) => {
  const share = await shareContents(owner, [["film.mp4", fixture("film.mp4"), "video/mp4"]])
  await visitor.goto(share.url)
  expect((await owner.readShare(share.id)).previews).toBe(0)
  const viewer = await lookAt(visitor, "film.mp4")
  await expectPlaying(playerIn(viewer), 0)
  expect((await owner.readShare(share.id)).previews).toBe(1)
})
