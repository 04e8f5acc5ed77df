import { aFile, newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

// A search that a story refuses.
test.use({ allowed: [/status of 503|ERR_FAILED/] })

test("a member finds a share and a file by keys alone, from any page, and copies, extends and revokes what was found", async ({
  owner,
  browse,
}) => {
  const storageState = await owner.context.storageState()
  const page = await browse({ storageState, permissions: ["clipboard-read", "clipboard-write"] })
  const share = await owner.share("tide-table.pdf", { title: "Tides of the week" })
  const requests: string[] = []
  page.on("request", (sent) => requests.push(sent.url()))
  await page.goto("/settings")
  const scripts = () => requests.filter((url) => url.endsWith(".js")).length
  const before = scripts()

  await page.keyboard.press("Control+k")
  const field = page.getByRole("combobox", { name: "Search and actions" })
  await expect(field).toBeFocused()
  expect(scripts()).toBeGreaterThan(before)
  await expect(page.getByRole("option", { name: /Sign out/ })).toBeVisible()
  await expect(page.getByRole("option", { name: /Members/ })).toHaveCount(0)
  requests.length = 0
  await page.keyboard.type("tides of the week")
  const option = page.getByRole("option", { name: /Tides of the week/ }).first()
  await expect(option).toHaveAttribute("data-highlighted", "")
  await expect(page.getByText("1 result", { exact: true })).toBeVisible()
  // Several key presses cause one search.
  expect(requests.filter((url) => url.includes("/api/v1/shares?")).length).toBeLessThan(5)
  expect(requests.filter((url) => url.includes("/admin/"))).toEqual([])
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL(`/shares/${share.id}`)
  await expect(page.getByRole("dialog")).toHaveCount(0)

  await page.keyboard.press("Meta+k")
  await page.keyboard.type("tide-table")
  await expect(page.getByRole("option", { name: /tide-table\.pdf/ }).last()).toBeVisible()
  for (let presses = 0; presses < 20; presses++) {
    const current = page.locator("[role=option][data-highlighted]")
    if (/tide-table\.pdf.*(B|bytes)$/.test((await current.textContent()) ?? "")) break
    await page.keyboard.press("ArrowDown")
  }
  await page.keyboard.press("Enter")
  await expect(page).toHaveURL("/files?q=tide-table.pdf")

  const found = await owner.share("pontoon.pdf", { title: "Pontoon plans" })
  await page.goto("/files")
  const doing = async (name: string) => {
    const search = page.getByRole("combobox", { name: "Search and actions" })
    await expect(search).toHaveCount(0)
    await page.keyboard.press("Control+k")
    await search.fill("pontoon plans")
    await page.getByRole("option", { name }).click()
  }
  await doing("Copy link")
  await expect(page.getByText("Link copied")).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(found.url)
  await doing("Extend 7 days")
  await expect(page.getByText(/^Extended until /)).toBeVisible()
  await doing("Revoke…")
  const asked = page.getByRole("alertdialog", { name: "Revoke “Pontoon plans”?" })
  await asked.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(page.getByText("Share revoked")).toBeVisible()
  expect((await owner.readShare(found.id)).status).toBe("revoked")
  await expect(page).toHaveURL("/files")
})

test("on a phone the button opens the search; it says what it does not find and when it is refused, and Escape closes it", async ({
  ownerPage: page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto("/shares")
  const button = page.getByRole("button", { name: "Search", exact: true })
  await button.click()
  const field = page.getByRole("combobox", { name: "Search and actions" })
  await field.fill("nothing like this anywhere")
  await expect(page.getByText("0 results")).toBeVisible()
  await page.keyboard.press("Escape")
  await expect(page.getByRole("dialog")).toHaveCount(0)
  await expect(button).toBeFocused()
  await button.click()
  await expect(field).toHaveValue("")
  await field.fill("nothing like")
  await page.getByRole("option", { name: "Show all files matching “nothing like”" }).click()
  await expect(page).toHaveURL("/files?q=nothing+like")

  await page.goto("/shares")
  await page.route("**/api/v1/shares?*", (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      body: JSON.stringify({ code: "unavailable", title: "Try again in a moment.", status: 503 }),
    }),
  )
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: "Search and actions" }).fill("account")
  await expect(page.getByText("The search failed: Try again in a moment.")).toBeVisible()
  await page.getByRole("option", { name: "Your account" }).click()
  await expect(page).toHaveURL("/settings")
})

test("an admin finds members and pages, and starts a share with files from there", async ({
  adminPage: page,
  owner: _,
}) => {
  await page.goto("/admin")
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: "Search and actions" }).fill("nora")
  await page.getByRole("option", { name: /nora@example\.org/ }).click()
  await expect(page).toHaveURL(/\/admin\/members\/[0-9a-f-]+$/)
  await expect(page.getByRole("heading", { name: "Nora North" })).toBeVisible()
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: "Search and actions" }).fill("open sett")
  await expect(page.getByRole("option").last()).toBeVisible()
  await page.getByRole("option", { name: "Open settings" }).click()
  await expect(page).toHaveURL("/admin/settings/sharing")
  await page.keyboard.press("Control+k")
  await page.getByRole("combobox", { name: "Search and actions" }).fill("maximum file")
  await page.getByRole("option", { name: "Maximum file size" }).click()
  await expect(page).toHaveURL("/admin/settings/files#maxFileBytes")
  await expect(page.getByLabel("Maximum file size")).toBeInViewport()

  await page.getByLabel("Maximum file size").fill("90")
  await page.keyboard.press("Control+k")
  await page.getByRole("option", { name: "Audit log" }).click()
  const asked = page.getByRole("alertdialog", { name: "Leave without saving?" })
  await asked.getByRole("button", { name: "Leave page" }).click()
  await expect(page).toHaveURL("/admin/audit")
  await expect(asked).toHaveCount(0)

  await page.keyboard.press("Control+k")
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("option", { name: /New share/ }).click()
  const file = aFile("from-the-search.pdf")
  if (typeof file !== "string") await (await chosen).setFiles(file)
  await expect(page).toHaveURL("/shares")
  await newestLink(page)
})
