import { expect, test } from "../fixtures.ts"
import { click, leadsToStore } from "../network/send-click.ts"

test("an expired link says that it has expired, and when, also without JavaScript", async ({
  owner,
  visitor,
  plainVisitor,
  stranger,
  installation,
}) => {
  for (const page of [visitor, plainVisitor]) {
    const share = await owner.share("survey.pdf", { title: "Harbour survey" })
    await page.goto(share.url)
    await installation.query(
      "UPDATE share SET created_at = now() - interval '9 days', expires_at = now() - interval '1 second' WHERE id = $1",
      [share.id],
    )

    await page.getByRole("button", { name: /^Download/ }).click()
    await expect(page.getByRole("heading", { name: "This link has expired" })).toBeVisible()
    await expect(page.getByText(/Nora North shared “Harbour survey”/)).toBeVisible()
    await expect(page.getByRole("button", { name: /^Download/ })).toHaveCount(0)

    expect((await page.goto(share.url))?.status()).toBe(410)
    expect(leadsToStore(await click(await stranger(), share))).toBe(false)
    expect(await owner.readShare(share.id)).toMatchObject({ status: "expired", downloads: 0 })
  }
})
