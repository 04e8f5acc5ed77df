import { setTimeout as sleep } from "node:timers/promises"
import { expect, test } from "../fixtures.ts"
import { click, leadsToStore } from "../network/send-click.ts"

for (const javaScriptEnabled of [true, false]) {
  test(`an expired link says that it has expired, and when ${javaScriptEnabled ? "" : "(without JavaScript)"}`, async ({
    owner,
    browse,
    stranger,
    installation,
  }) => {
    const share = await owner.share("survey.pdf", { title: "Harbour survey" })
    const visitor = await browse({ javaScriptEnabled })
    await visitor.goto(share.url)
    await installation.query(
      "UPDATE share SET created_at = now() - interval '9 days', expires_at = now() - interval '1 second' WHERE id = $1",
      [share.id],
    )

    await visitor.getByRole("button", { name: /^Download/ }).click()
    await expect(visitor.getByRole("heading", { name: "This link has expired" })).toBeVisible()
    await expect(visitor.getByText(/Nora North shared “Harbour survey”/)).toBeVisible()
    await expect(visitor.getByRole("button", { name: /^Download/ })).toHaveCount(0)

    expect((await visitor.goto(share.url))?.status()).toBe(410)
    expect(leadsToStore(await click(await stranger(), share))).toBe(false)
    expect(await owner.readShare(share.id)).toMatchObject({ status: "expired", downloads: 0 })
  })
}

test("an address minted just before the end does not outlive the link", async ({
  owner,
  stranger,
  installation,
}) => {
  const share = await owner.share("survey.pdf")
  await installation.query(
    "UPDATE share SET expires_at = now() + interval '4 seconds' WHERE id = $1",
    [share.id],
  )

  const answer = await click(await stranger(), share)
  const url = answer.headers().location ?? ""
  expect(Number(new URL(url).searchParams.get("X-Amz-Expires"))).toBeLessThanOrEqual(4)
  expect((await fetch(url)).status).toBe(200)
  await sleep(4_500)
  expect((await fetch(url)).status).toBe(403)
  expect(leadsToStore(await click(await stranger(), share))).toBe(false)
})
