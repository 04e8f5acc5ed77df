import { expect, test } from "../fixtures.ts"
import { pollNow } from "../network/poll-now.ts"
import { click, downloadBy, open } from "../network/send-click.ts"

// The polls of an open page are refused once its session has ended, and while the app is busy.
test.use({ allowed: [/status of (401 .*(live|\/me|status=uploading)|503 .*live)/] })

test("on the owner's open page the counters update within seconds of a download", async ({
  owner,
  ownerPage,
  visitor,
  stranger,
}) => {
  const file = await owner.upload("tide-table.pdf", Buffer.from("tides"))
  const share = await owner.shareFiles([file.id], { title: "Live tides" })
  await ownerPage.goto(`/shares/${share.id}`)
  const numbers = ownerPage.getByRole("region", { name: "Statistics" })
  await expect(numbers).toContainText("Downloads0")
  await ownerPage.evaluate(() => Object.assign(window, { sameDocument: true }))
  const list = await ownerPage.context().newPage()
  await list.goto("/shares?q=Live+tides")
  await ownerPage.bringToFront()

  await visitor.goto(share.url)
  await (await downloadBy(visitor, /^Download/)).path()

  await expect(numbers).toContainText("Downloads1", { timeout: 6_000 })
  await expect(numbers).toContainText("Views1")
  await expect(numbers).toContainText("Visitors1")
  await expect(list.getByRole("listitem").filter({ hasText: "Live tides" })).toContainText(
    "1 download",
  )
  await list.close()
  // The first change is announced at once, the next one half a minute later.
  const said = ownerPage
    .getByRole("status")
    .filter({ hasText: /^1 view, (0 downloads|1 download)$/ })
  await expect(said).toHaveCount(1)
  await expect(ownerPage.getByText(/^Opened .*, downloaded tide-table\.pdf\.$/)).toHaveCount(0)

  const curl = await stranger()
  await open(curl, share, { "User-Agent": "Mozilla/5.0 Firefox/150.0" })
  await click(curl, share)
  await pollNow(ownerPage)
  await expect(numbers).toContainText("Downloads2", { timeout: 3_000 })
  await ownerPage.getByRole("button", { name: "Show new activity" }).click()
  const charts = ownerPage.getByRole("region", { name: "Activity" })
  await expect(charts.getByRole("img", { name: / Downloads, .*: 2 in total/ })).toBeVisible()
  await expect(ownerPage.getByRole("row", { name: /tide-table\.pdf/ })).toContainText("2")
  expect(await ownerPage.evaluate(() => "sameDocument" in window)).toBe(true)

  const lines = async (name: string) => {
    const link = ownerPage.getByRole("link", { name: `${name} as CSV` })
    const answer = await ownerPage.request.get((await link.getAttribute("href")) ?? "")
    expect(answer.status()).toBe(200)
    return (await answer.text()).trimEnd().split("\r\n")
  }
  const [head, ...hours] = await lines("Activity")
  expect(head).toBe("hour,views,downloads")
  expect(hours).toHaveLength(24)
  const { views, downloads } = await (await owner.get(`/shares/${share.id}`)).json()
  const sums = hours.map((line) => line.split(",").slice(1).map(Number))
  expect(sums.reduce(([v = 0, d = 0], [w = 0, e = 0]) => [v + w, d + e], [0, 0])).toEqual([
    views,
    downloads,
  ])
  expect(await lines("By file")).toEqual(["file,downloads,previews", "tide-table.pdf,2,0"])
})

test("pages follow a share that is revoked elsewhere, and an open dialog keeps what was typed", async ({
  owner,
  ownerPage: page,
  admin,
}) => {
  const share = await owner.share("berths.pdf", { title: "Berth plan" })
  await page.goto(`/shares/${share.id}`)
  await expect(page.getByRole("button", { name: "Revoke…" })).toBeVisible()
  const list = await page.context().newPage()
  await list.goto("/shares?status=open&q=Berth+plan")
  const row = list.getByRole("listitem").filter({ hasText: "Berth plan" })
  await row.getByRole("button", { name: "More actions for Berth plan" }).click()
  await list.getByRole("menuitem", { name: "Edit" }).click()
  const dialog = list.getByRole("dialog", { name: "Berth plan" })
  await dialog.getByLabel("Title", { exact: true }).fill("Half a titl")
  await page.evaluate(() => Object.assign(window, { sameDocument: true }))

  await owner.post(`/shares/${share.id}/revoke`)
  await pollNow(list)
  await expect(row).toHaveCount(0)
  await expect(dialog.getByLabel("Title", { exact: true })).toHaveValue("Half a titl")
  await pollNow(page)
  await expect(page.getByRole("button", { name: "Restore" })).toBeEnabled()
  await expect(page.getByRole("button", { name: "Revoke…" })).toHaveCount(0)

  await admin.post("/admin/shares/revoke", { ids: [share.id] })
  await pollNow(page)
  await expect(page.getByRole("button", { name: "Restore" })).toBeDisabled()
  await admin.post(`/admin/shares/${share.id}/restore`)
  await pollNow(page)
  await expect(page.getByRole("button", { name: "Revoke…" })).toBeVisible()
  expect(await page.evaluate(() => "sameDocument" in window)).toBe(true)
  await list.close()
})

test("a page shows no error for counters that it cannot fetch and updates them later; once its session has ended it asks to sign in, and they stop", async ({
  installation,
  join,
  browse,
  stranger,
}) => {
  const member = await join("Lena Live")
  const file = await member.upload("a.pdf", Buffer.from("a"))
  const share = await member.shareFiles([file.id], { title: "Ends" })
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto(`/shares/${share.id}`)
  const numbers = page.locator("section[aria-label=Statistics]") // the dialog hides the page behind it
  await page.route(/\/shares\/live\?/, (route) => route.fulfill({ status: 503 }))
  const failed = page.waitForResponse(/\/shares\/live\?/)
  await open(await stranger(), share, { "User-Agent": "Mozilla/5.0 Firefox/150.0" })
  await pollNow(page)
  expect((await failed).status()).toBe(503)
  await expect(page.getByRole("alert").filter({ hasText: /./ })).toHaveCount(0)
  await expect(numbers).toContainText("Views0")
  await page.unroute(/\/shares\/live\?/)
  await pollNow(page)
  await expect(numbers).toContainText("Views1")

  await installation.query(
    `UPDATE session SET ended_at = now() WHERE member_id = (SELECT owner_id FROM share WHERE id = '${share.id}')`,
  )
  await open(await stranger(), share, { "User-Agent": "Mozilla/5.0 Firefox/150.0" })
  await pollNow(page)

  await expect(page.getByRole("dialog")).toBeVisible()
  await expect(numbers).toContainText("Views1")

  await page.getByRole("button", { name: "Not now" }).click()
  const refused = page.waitForResponse(/\/shares\/live/)
  await pollNow(page)
  expect((await refused).status()).toBe(401)
  await expect(page.getByRole("dialog")).toHaveCount(0) // a member who declines is not asked again
})
