import { expectNoViolations } from "../browser/axe.ts"
import { lookAt, shareContents } from "../browser/look-at.ts"
import { png } from "../files/make-files.ts"
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
