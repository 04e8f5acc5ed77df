import { readFileSync } from "node:fs"
import { expect, test } from "../fixtures.ts"

test("an admin finds in the audit log who did what, from where, and exports it; without JavaScript too it is filtered", async ({
  admin,
  browse,
  join,
  adminPage: page,
}) => {
  const member = await join("Vera Visible")
  const share = await member.share("plans.pdf", { title: "Harbour plans" })
  await member.patch(`/shares/${share.id}`, { password: "open sesame" })
  await member.post(`/shares/${share.id}/revoke`)

  await page.goto("/admin/audit")
  const rows = page.getByRole("row")
  const revoked = rows.filter({ hasText: "Vera Visible revoked “Harbour plans”" })
  await expect(revoked).toHaveCount(1)
  await expect(rows.filter({ hasText: "Vera Visible signed in" }).first()).toBeVisible()
  await expect(rows.filter({ hasText: "Vera Visible uploaded “plans.pdf” (" })).toHaveCount(1)

  const history = revoked.getByRole("link", { name: "History" })
  await expect(history).toHaveCSS("opacity", "0")
  await revoked.hover()
  await expect(history).toHaveCSS("opacity", "1")
  await expect(revoked.getByText(/^from /)).toHaveCSS("opacity", "1")
  await history.click()
  await expect(page.getByText("The log is filtered.")).toBeVisible()
  await expect(rows).toHaveCount(4)
  await expect(rows.nth(2)).toContainText("changed the password of “Harbour plans”")
  await expect(rows.nth(3)).toContainText("shared 1 file: “Harbour plans”")

  const origin = (
    await rows
      .nth(1)
      .getByText(/^from /)
      .textContent()
  )?.replace("from ", "")
  for (const [address, found] of [
    [origin ?? "", rows.filter({ hasText: "Vera Visible signed in" }).first()],
    ["203.0.113.9", page.getByText("No entries found")],
  ] as const) {
    await page.goto("/admin/audit")
    await page.getByText("Filters and export").click()
    await page.getByLabel("IP address").fill(address)
    await page.getByRole("button", { name: "Apply", exact: true }).click()
    await expect(found).toBeVisible()
  }

  // On a phone the log begins high on the page, with the filters behind a button.
  await page.setViewportSize({ width: 390, height: 800 })
  await page.goto("/admin/audit")
  expect((await rows.nth(1).boundingBox())?.y).toBeLessThan(420)
  await page.getByRole("searchbox", { name: "Search names and activity" }).fill("vera")
  await expect(rows.filter({ hasText: "ada signed in" })).toHaveCount(0)
  await page.getByLabel("Category").selectOption("Files")
  await expect(rows).toHaveCount(2)

  await page.getByText("Filters and export").click()
  const waiting = page.waitForEvent("download")
  await page.getByRole("link", { name: "CSV" }).click()
  const download = await waiting
  expect(download.suggestedFilename()).toBe("audit-log.csv")
  const text = readFileSync(await download.path(), "utf8")
  expect(text.split("\r\n")).toHaveLength(3)
  expect(text).toContain("Vera Visible <")

  const plain = await browse({
    javaScriptEnabled: false,
    storageState: await admin.context.storageState(),
  })
  await plain.goto("/admin/audit")
  await plain.getByText("Filters and export").click()
  await plain.getByLabel("To", { exact: true }).fill("2020-01-01")
  await plain.getByRole("button", { name: "Apply", exact: true }).click()

  await expect(plain.getByText("No entries found")).toBeVisible()
  await plain.getByRole("link", { name: "Clear filters" }).click()
  await expect(plain.getByRole("row").filter({ hasText: "signed in" }).first()).toBeVisible()
})

test("a bulk revoke is one line that opens every share it ended, and a folder one that opens each of its files; a share without a title is named by them", async ({
  admin,
  join,
  adminPage: page,
}) => {
  const member = await join("Bruno Bulk")
  const [first, second] = [await member.share("1.pdf"), await member.share("2.pdf")]
  const reason = "The laptop of Bruno was stolen"
  const body = { ids: [first.id, second.id], reason }
  expect((await admin.post("/admin/shares/revoke", body)).status()).toBe(200)

  await page.goto("/admin/audit?action=share")
  const act = page.getByRole("row").filter({ hasText: reason })
  await expect(act).toHaveCount(1)
  await expect(act).toContainText("revoked 2 shares")
  await act.getByRole("link", { name: "Show individual entries" }).click()
  for (const name of ["1.pdf", "2.pdf"])
    await expect(page.getByRole("row").filter({ hasText: `revoked “${name}”` })).toHaveCount(1)

  const uploader = await join("Fiona Folder")
  const names = ["1.jpg", "2.jpg", "3.jpg", "4.jpg"]
  // Uploaded in order, so that the grouped line names the first, and a search for another name does not find it.
  const fileIds: string[] = []
  for (const name of names)
    fileIds.push((await uploader.upload(name, Buffer.from(name), "image/jpeg", "trips/2026")).id)
  await uploader.shareFiles(fileIds)
  expect((await uploader.post("/files/delete", { ids: fileIds })).status()).toBe(200)

  await page.goto("/admin/audit?q=Fiona")
  const rows = page.getByRole("row").filter({ hasText: "Fiona Folder" })
  const said = rows.filter({ hasNotText: "signed in" }).filter({ hasNotText: "joined" })
  await expect(said).toHaveText([
    /Fiona Folder deleted 4 files from the folder “trips”/,
    /Fiona Folder shared 4 files: “1.jpg and 3 more”/,
    /Fiona Folder uploaded 4 files to the folder “trips”/,
  ])
  await said.nth(2).getByRole("link", { name: "Show individual entries" }).click()
  await expect(rows).toHaveCount(4)
  for (const name of names)
    await expect(rows.filter({ hasText: `uploaded “${name}” (` })).toHaveCount(1)

  await page.getByRole("link", { name: "Clear filters" }).click()
  await page.getByRole("searchbox").fill("3.jpg")
  await expect(rows.filter({ hasText: "uploaded “3.jpg”" })).toHaveCount(1)
})
