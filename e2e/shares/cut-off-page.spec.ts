import { expect, test } from "../fixtures.ts"
import { keepUrl, statusOf } from "../network/kept-url.ts"
import { downloadBy } from "../network/send-click.ts"

const DEAD =
  /Existing download links stopped working in [\d.,]+ m?s\. We checked: they worked before and are blocked now\./

test("a visitor keeps a URL, the owner revokes and cuts off on the page, and the URL is refused while another share of the file downloads", async ({
  owner,
  ownerPage: page,
  stranger,
  visitor,
}) => {
  const file = await owner.upload("plans.pdf", Buffer.from("the plans"))
  const share = await owner.shareFiles([file.id], { title: "Leaked plans" })
  const other = await owner.shareFiles([file.id], { title: "Plans for Bo" })
  const kept = await keepUrl(await stranger(), share)
  expect(await statusOf(kept)).toBe(200)

  await page.emulateMedia({ reducedMotion: "no-preference" })
  await page.goto(`/shares/${share.id}`)
  await page.getByRole("button", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog")
  await expect(asked).toContainText("Revoke stops new downloads")
  await expect(asked).toContainText(
    "Revoke and block active links also blocks those download links",
  )
  await asked.getByRole("button", { name: "Revoke and block active links" }).click()

  const status = page.getByRole("main").getByRole("status").filter({ hasText: DEAD })
  await expect(status).toBeVisible()
  const ring = page.locator(".cut-off-sign circle").last()
  await expect(ring).toHaveCSS("animation-name", "snap-shut")
  await page.emulateMedia({ reducedMotion: "reduce" })
  await expect(ring).toHaveCSS("animation-name", "none")
  await page.emulateMedia({ reducedMotion: "no-preference" })
  const codes = page.getByText(/Test request: status 20\d before, 403 after\./)
  await expect(codes).toBeHidden()
  await page.getByText("Details", { exact: true }).first().click()
  await expect(codes).toBeVisible()
  await expect(
    page.getByText("They stay blocked even if you undo this.", { exact: false }),
  ).toBeVisible()
  await expect(page.getByText(/Downloads already in progress can’t be stopped/)).toBeVisible()
  expect(await statusOf(kept)).toBe(403)
  await visitor.goto(other.url)
  await (await downloadBy(visitor, /^Download/)).path()

  await page.reload()
  await expect(ring).toHaveCSS("animation-name", "none")
  await page.goto("/shares")
  const row = page.getByRole("listitem").filter({ hasText: "Leaked plans" })
  await expect(row.getByText("Links blocked", { exact: true })).toBeVisible()
})

test("undo in the toast after a revoke restores the share, and says which URLs stay invalid", async ({
  owner,
  ownerPage: page,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { title: "Undone" })
  const kept = await keepUrl(await stranger(), share)
  for (const [button, words] of [
    ["Revoke", "Restored. The link works again."],
    ["Revoke and block active links", "Blocked download links stay blocked."],
  ] as const) {
    await page.goto("/shares")
    await page.getByRole("button", { name: "More actions for Undone" }).click()
    await page.getByRole("menuitem", { name: "Revoke…" }).click()
    const asked = page.getByRole("alertdialog")
    await asked.getByRole("button", { name: button, exact: true }).click()
    await page.getByRole("button", { name: "Undo", exact: true }).click()
    await expect(page.getByText(words, { exact: false }).first()).toBeVisible()
    expect(await owner.readShare(share.id)).toMatchObject({ status: "open", revokedAt: null })
  }
  expect(await statusOf(kept)).toBe(403)
  expect(await statusOf(await keepUrl(await stranger(), share))).toBe(200)
})

test("after a new link, or an end that was moved to now, the page offers to cut off the URLs that are out, and says so if there were none", async ({
  owner,
  ownerPage: page,
  stranger,
  visitor,
}) => {
  const share = await owner.share("survey.pdf")
  const kept = await keepUrl(await stranger(), share)
  await owner.post(`/shares/${share.id}/new-link`)
  expect((await visitor.goto(share.url))?.status()).toBe(404)
  await expect(visitor.getByRole("heading", { name: "Link not found" })).toBeVisible()
  await page.goto(`/shares/${share.id}`)
  await expect(
    page.getByText(/Download links issued before the change may work until \d\d:\d\d:\d\d/),
  ).toBeVisible()
  await page.getByRole("button", { name: "Block now" }).click()
  await expect(page.getByRole("status").filter({ hasText: DEAD })).toContainText(
    /^Active links blocked at \d\d:\d\d:\d\d\. Existing/,
  )
  expect(await statusOf(kept)).toBe(403)
  const renewed = await owner.readShare(share.id)
  expect(renewed).toMatchObject({ status: "open", downloads: 1 })

  const again = await keepUrl(await stranger(), renewed)
  expect(await statusOf(again)).toBe(200)
  await owner.patch(`/shares/${share.id}`, { expiresAt: new Date().toISOString() })
  await page.reload()
  await expect(
    page.getByText(/Closed at \d\d:\d\d:\d\d\. Download links already issued/),
  ).toBeVisible()
  await page.getByRole("button", { name: "Block now" }).click()
  await expect(page.getByText(DEAD)).toBeVisible()
  expect(await statusOf(again)).toBe(403)

  const unused = await owner.share("unused.pdf")
  await owner.post(`/shares/${unused.id}/revoke`, { cutOff: true })
  await page.goto(`/shares/${unused.id}`)
  await expect(page.getByText("There were no active download links to block.")).toBeVisible()
})

test("a member cuts off a file's addresses, and its shares stay open and hand out new ones", async ({
  owner,
  ownerPage: page,
  stranger,
}) => {
  const file = await owner.upload("everywhere.pdf", Buffer.from("in two shares"))
  const shares = [
    await owner.shareFiles([file.id], { title: "To Bo" }),
    await owner.shareFiles([file.id], { title: "To Cy" }),
  ]
  const kept: string[] = []
  for (const share of shares) kept.push(await keepUrl(await stranger(), share))

  await page.goto("/files?q=everywhere")
  await page.getByRole("button", { name: "More actions for everywhere.pdf" }).click()
  await page.getByRole("menuitem", { name: "Block active links…" }).click()
  const asked = page.getByRole("alertdialog")
  await expect(asked).toContainText(
    "The shares stay open and issue new download links on the next click.",
  )
  await expect(asked).toContainText("These 2 shares aren’t affected:")
  await asked.getByRole("button", { name: "Block active links" }).click()
  const told = page.getByRole("dialog")
  await expect(told).toContainText(DEAD)
  await told.getByRole("button", { name: "Close" }).last().click()

  for (const url of kept) expect(await statusOf(url)).toBe(403)
  for (const share of shares) {
    expect(await statusOf(await keepUrl(await stranger(), share))).toBe(200)
  }
})

test("while a cut off runs the page says so and follows by itself", async ({
  owner,
  ownerPage: page,
  admin,
  adminPage,
  installation,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { title: "Slowly" })
  await keepUrl(await stranger(), share)
  const revoked = await admin.post("/admin/shares/revoke", { ids: [share.id], cutOff: true })
  const { id } = await revoked.json()
  const running = `UPDATE cut_off SET done_at = NULL, leased_until = now() + interval '1 hour' WHERE id = $1`
  await installation.query(running, [id])
  await installation.query("UPDATE cut_off_file SET done_at = NULL WHERE cut_off_id = $1", [id])

  await page.goto(`/shares/${share.id}`)
  await adminPage.goto(`/admin/panic/${id}`)
  for (const one of [page, adminPage]) {
    await expect(one.getByText("Blocking active links…").first()).toBeVisible()
  }
  await expect(adminPage.getByText("0 of 1")).toBeVisible()
  await expect(adminPage.getByRole("progressbar")).toBeVisible()

  await installation.query("UPDATE cut_off_file SET done_at = now() WHERE cut_off_id = $1", [id])
  await expect(adminPage.getByText("1 of 1")).toBeVisible()
  await installation.query("UPDATE cut_off SET done_at = now() WHERE id = $1", [id])
  for (const one of [page, adminPage]) {
    await expect(one.getByText(/Existing download links stopped working in/)).toBeVisible()
  }
})
