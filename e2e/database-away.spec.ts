import { click } from "./click.ts"
import { expect } from "./fixtures.ts"
import { test } from "./own-installation.ts"

test("while the database is away every page and call says so, and goes on when it is back", async ({
  own,
  member,
  newPage,
}) => {
  const share = await member.share("survey.pdf")
  const storageState = await member.context.storageState()
  const page = await newPage({ storageState, javaScriptEnabled: false })

  const bringBack = await own.hideDatabase()
  const paths = [
    "/shares",
    `/shares/${share.id}`,
    "/files",
    "/settings",
    "/admin/audit",
    "/sign-in",
  ]
  for (const path of [...paths, share.url]) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(503)
    expect(answer?.headers()["retry-after"], path).toBe("5")
    const heading = page.getByRole("heading", { level: 1 })
    await expect(heading, path).toHaveText("The database cannot be reached just now.")
    await expect(page.getByText("Please try again shortly."), path).toBeVisible()
  }
  for (const answer of [
    await member.get("/shares"),
    await member.post(`/shares/${share.id}/revoke`),
  ]) {
    expect(answer.status()).toBe(503)
    expect(await answer.json()).toMatchObject({ code: "unavailable" })
  }
  bringBack()

  expect((await page.goto("/shares"))?.status()).toBe(200)
  await expect(page.getByRole("link", { name: "survey.pdf" })).toBeVisible()
  expect((await click(page.request, share)).headers().location).toContain("X-Amz-Signature=")
  // The app logs a warning; an error would mean a bug.
  const failed = /"msg":"(a request|an API call|a visitor's request) failed"/
  expect(own.lines().filter((line) => failed.test(line))).toEqual([])
})
