import { expectNoViolations } from "../browser/axe.ts"
import { expect, test } from "../fixtures.ts"

test("a build server uploads and shares by a token, which its member sees and revokes", async ({
  join,
  browse,
  installation,
}) => {
  const member = await join("Bea Build")
  const page = await browse({ storageState: await member.context.storageState() })
  await page.goto("/settings")
  await page.getByRole("button", { name: "Create token" }).click()
  const dialog = page.getByRole("dialog")
  await dialog.getByLabel("Name", { exact: true }).fill("Build server")
  await dialog.getByLabel("Upload, rename, move and delete files").check()
  await dialog.getByLabel(/^Share any file/).check()
  await expect(dialog.getByText("As an admin")).toHaveCount(0)
  await dialog.getByText("More", { exact: true }).click()
  await dialog.getByLabel("Longest lifetime of a link, in days").fill("3")
  await expectNoViolations(page, "the dialog of a new token")
  await dialog.getByRole("button", { name: "Create token" }).click()
  const token = await dialog.getByLabel("API token").inputValue()
  await expectNoViolations(page, "the dialog of a created token")
  await dialog.getByRole("button", { name: "Done" }).click()

  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${installation.url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: answer.status, told: await answer.json() }
  }
  const started = await call("POST", "/files", {
    name: "a.txt",
    size: 5,
    contentType: "text/plain",
  })
  const { upload, file } = started.told
  const put = await fetch(upload.url, { method: "PUT", headers: upload.headers, body: "hello" })
  expect(put.ok).toBe(true)
  expect((await call("POST", `/files/${file.id}/complete`)).told.status).toBe("ready")
  const shared = await call("POST", "/shares", { fileIds: [file.id] })
  const opened = await browse()
  await opened.goto(shared.told.url)
  await expect(opened.getByRole("heading", { level: 1 })).toBeVisible()
  expect((await call("GET", "/files")).told.code).toBe("scope")

  await page.reload()
  const row = page.getByRole("listitem").filter({ hasText: "Build server" })
  await expect(row).toContainText("shares:write")
  await expect(row).toContainText("links end within 3 days")
  await row.getByRole("button", { name: "Revoke Build server" }).click()
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke token" }).click()
  // The row is hidden from assistive technology while the dialog is open.
  await expect(page.getByRole("alertdialog")).toHaveCount(0)
  await expect(row).toHaveCount(0)
  expect((await call("GET", "/me")).status).toBe(401)
})
