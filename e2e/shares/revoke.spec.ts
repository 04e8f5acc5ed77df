import { expect, test } from "../fixtures.ts"
import { keepUrl, statusOf } from "../network/kept-url.ts"
import { downloadBy } from "../network/send-click.ts"

test("when the owner revokes a link, the next click is refused at once and restore opens it again; until when old addresses work is on the page, which blocks them on demand", async ({
  owner,
  ownerPage: page,
  visitor,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { title: "Revoke me" })
  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()
  // The page polls the link's state before it shows this, and reloads itself if the link is closed.
  await expect(visitor.getByRole("status")).toHaveText(/^Download started/)
  const kept = await keepUrl(await stranger(), share)

  const revoke = async () => {
    await page.getByRole("button", { name: "Revoke…" }).click()
    await page.getByRole("alertdialog").getByRole("button", { name: "Revoke", exact: true }).click()
    await expect(page.getByText(/You revoked this share on/)).toBeVisible()
    await expect(
      page.getByText(
        /Closed at \d\d:\d\d:\d\d\. Download links already issued may work until \d\d:\d\d:\d\d\./,
      ),
    ).toBeVisible()
    await expect(page.getByRole("button", { name: /^(Send to|Add files)…/ })).toHaveCount(0)
  }
  await page.goto(`/shares/${share.id}`)
  await revoke()
  await visitor.getByRole("button", { name: /^Download/ }).click()
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()
  expect((await visitor.goto(share.url))?.status()).toBe(410)
  const revoked = await owner.readShare(share.id)
  expect(revoked).toMatchObject({ status: "revoked", downloads: 2 })
  expect(Date.parse(revoked.exposedUntil ?? "")).toBeGreaterThan(
    Date.parse(revoked.revokedAt ?? ""),
  )

  await page.getByRole("button", { name: "Restore" }).click()
  await expect(page.getByText("Restored. The link works again.")).toBeVisible()
  await expect(page.getByRole("button", { name: /^(Send to|Add files)…/ })).toHaveCount(2)
  expect((await visitor.goto(share.url))?.status()).toBe(200)
  await (await downloadBy(visitor, /^Download/)).path()
  // The ticket is valid again, so that an undo counts no download twice.
  expect(await owner.readShare(share.id)).toMatchObject({ status: "open", downloads: 2 })

  await revoke()
  expect(await statusOf(kept)).toBe(200)
  await page.goto("/shares")
  await expect(page.getByRole("listitem").filter({ hasText: "Revoke me" })).toContainText(
    /Active links until \d\d:\d\d:\d\d/,
  )
  await page.goto(`/shares/${share.id}`)
  await page.getByRole("button", { name: "Block now" }).click()
  const status = page
    .getByRole("main")
    .getByRole("status")
    .filter({ hasText: /Existing download links stopped working in/ })
  await expect(status).toBeFocused()
  await expect(page.getByRole("button", { name: "Block now" })).toHaveCount(0)
  expect(await statusOf(kept)).toBe(403)
})
