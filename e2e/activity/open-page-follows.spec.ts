import { expect, test } from "../fixtures.ts"
import { click, downloadBy, open } from "../network/send-click.ts"

test("a click says that the download started and how many are left, and the page keeps the number current; addresses in its message are links that pass on neither referrer nor rank", async ({
  owner,
  visitor,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", {
    maxDownloads: 3,
    message: "See https://example.org/minutes?page=1, not javascript:alert(1).",
  })
  await visitor.goto(share.url)
  const link = visitor.getByRole("main").getByRole("link", { name: "example.org" })
  await expect(link).toHaveText(["https://example.org/minutes?page=1"])
  await expect(link).toHaveAttribute("href", "https://example.org/minutes?page=1")
  await expect(link).toHaveAttribute("rel", "noreferrer nofollow ugc")
  await expect(visitor.getByText("3 downloads left.")).toBeVisible()
  const someone = await stranger()
  await open(someone, share)
  await click(someone, share)

  await downloadBy(visitor, /^Download/)
  await expect(visitor.getByRole("status")).toHaveText(["Download started. 1 download left."])
  await expect(visitor.getByText("Your download was counted")).toBeVisible()

  await downloadBy(visitor, /^Download/)
  await expect(visitor.getByRole("status")).toHaveText([
    "Download started. It wasn’t counted again.",
  ])
  expect(await owner.readShare(share.id)).toMatchObject({ downloads: 2, views: 2 })
})

test("a list of many files is searched by name and folder, also without JavaScript", async ({
  owner,
  visitor,
  plainVisitor,
}) => {
  const files = []
  for (let n = 0; n < 51; n++) files.push(await owner.upload(`page ${n}.txt`, Buffer.from("x")))
  files.push(await owner.upload("Résumé.pdf", Buffer.from("x")))
  const share = await owner.shareFiles(files.map(({ id }) => id))
  for (const page of [visitor, plainVisitor]) {
    await page.goto(share.url)

    await page.getByRole("searchbox", { name: "Search files" }).fill("resume")
    await page.getByRole("button", { name: "Search" }).click()

    await expect(page.getByText("1 file matching “resume”")).toBeVisible()
    await expect(page.getByRole("button", { name: /^Download ./ })).toHaveCount(
      page === visitor ? 2 : 1, // "Download all" needs JavaScript
    )
    await expect(page.getByRole("searchbox")).toHaveValue("resume")
    await page.getByRole("link", { name: "Show all" }).click()
    await expect(page.getByText("page 50.txt")).toBeVisible()
  }
  expect((await owner.readShare(share.id)).views).toBe(2)
})
