import { expect, test } from "../fixtures.ts"
import { click } from "../network/send-click.ts"

// The browser logs the answers of an outage.
test.use({ allowed: [/status of 503|ERR_|fetch/] })

test.afterEach(({ admin }) => admin.patch("/admin/settings", { branding: { name: null } }))

test("while the database is away every page and call says so, and they recover when it is back", async ({
  installation,
  admin: member,
  browse,
}) => {
  const from = installation.lines().length
  const share = await member.share("survey.pdf")
  const storageState = await member.context.storageState()
  const page = await browse({ storageState, javaScriptEnabled: false })

  const open = await browse({ storageState })
  await open.goto("/files")
  await expect(open.getByRole("heading", { name: "Files", level: 1 })).toBeVisible()

  await member.patch("/admin/settings", { branding: { name: "Harbour & Co" } })
  await open.reload()
  const bringBack = await installation.hideDatabase()
  const someId = "01a20e37-1124-7000-b66b-5d65dec0defa"
  const paths = [
    "/sign-in",
    `/invite/${"a".repeat(43)}`,
    "/shares",
    `/shares/${share.id}`,
    "/admin",
    "/admin/settings/branding",
    `/admin/members/${someId}`,
  ]
  const others = [
    "/",
    "/setup",
    `/reset/${"a".repeat(43)}`,
    "/files",
    "/settings",
    "/admin/shares",
    `/admin/shares/${share.id}`,
    "/admin/files",
    `/admin/files/${share.files[0]?.id}`,
    "/admin/audit",
    "/admin/checks",
    "/admin/members",
    "/admin/panic",
    "/admin/panic?what=member",
    `/admin/panic/${someId}`,
  ]
  for (const path of [...paths, ...(process.env.HEAVY ? others : []), share.url]) {
    const answer = await page.goto(path)
    expect(answer?.status(), path).toBe(503)
    expect(answer?.headers()["retry-after"], path).toBe("5")
    const heading = page.getByRole("heading", { level: 1 })
    await expect(heading, path).toHaveText("The database can’t be reached right now.")
    await expect(page.getByText("Please try again shortly."), path).toBeVisible()
    if (path === share.url) continue
    await expect(page.getByRole("link", { name: "Try again" }), path).toBeVisible()
    await expect(page.getByRole("banner"), path).toHaveText("Harbour & Co")
  }
  expect((await page.request.get(`/brand/${"a".repeat(20)}`)).status()).toBe(503)
  const heading = open.getByRole("heading", { level: 1 })
  await open.getByRole("link", { name: "Shares" }).first().click()
  await expect(heading).toHaveText("The database can’t be reached right now.")
  for (const answer of [
    await member.get("/shares"),
    await member.post(`/shares/${share.id}/revoke`),
  ]) {
    expect(answer.status()).toBe(503)
    expect(await answer.json()).toMatchObject({ code: "unavailable" })
  }
  bringBack()

  // The open page tries again by itself.
  await expect(heading).toHaveText("Shares", { timeout: 20_000 })
  await open.getByRole("link", { name: "Your account" }).first().click()
  await expect(heading).toHaveText("Your account")
  expect((await page.goto("/shares"))?.status()).toBe(200)
  await expect(page.getByRole("link", { name: "survey.pdf" })).toBeVisible()
  expect((await click(page.request, share)).headers().location).toContain("X-Amz-Signature=")
  // The app logs a warning; an error would mean a bug.
  const failed = /"msg":"(a request|an API call|a visitor's request) failed"/
  expect(installation.lines(from).filter((line) => failed.test(line))).toEqual([])
})
