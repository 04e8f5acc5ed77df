import { randomBytes } from "node:crypto"
import { type Page, request } from "@playwright/test"
import { expectNoViolations } from "../browser/axe.ts"
import { uploadFiles } from "../files/upload-files.ts"
import { expect, test } from "../fixtures.ts"
import { read } from "../member-client.ts"

const OFF = { sharedDays: null, receivedDays: null, unsharedDays: null, keepDays: null }

async function keep(page: Page, name: string) {
  const row = page.getByRole("listitem").filter({ hasText: name }).last()
  await expect(row.getByText(/^Deleted in (7|8) days|^Deleted next week/)).toBeVisible()
  await page.getByRole("button", { name: `More actions for ${name}` }).click()
  await page.getByRole("menuitem", { name: "Keep", exact: true }).click()
  await expect(page.getByText("Kept", { exact: true })).toBeVisible()
}

test("an admin has files deleted after a week, and their owner keeps an uploaded and a received one", async ({
  admin,
  adminPage,
  owner,
  ownerPage: page,
}) => {
  const plan = await owner.upload("plan.pdf", Buffer.from("a plan"), "application/pdf")
  const asked = await read<{ id: string; url: string }>(
    await owner.post("/requests", { title: "Receipts", folder: "Receipts" }),
    201,
  )
  const guest = await request.newContext({
    extraHTTPHeaders: { Origin: new URL(asked.url).origin },
  })
  const post = (path: string, data?: object) => guest.post(asked.url + path, data ? { data } : {})
  await uploadFiles({ post }, [{ name: "bill.txt", path: "", bytes: randomBytes(900) }])
  await read(await post("/done", { sender: { name: "Pia" } }), 200)
  await guest.dispose()

  await adminPage.goto("/admin/settings/files")
  await adminPage.getByLabel("Received files").fill("7")
  await adminPage.getByLabel("Files that were never shared").fill("7")
  await adminPage.getByRole("button", { name: "See what it would delete" }).click()
  await expect(adminPage.getByText(/In the next 30 days this deletes \d+ files/)).toBeVisible()
  await expectNoViolations(adminPage, "the rule of files")
  await adminPage.getByRole("button", { name: "Save rule" }).click()
  await expect(adminPage.getByRole("button", { name: "Save rule" })).toHaveCount(0)
  try {
    await page.goto("/files?q=plan")
    await keep(page, "plan.pdf")
    await page.goto(`/requests/${asked.id}`)
    await keep(page, "bill.txt")
    expect(await (await owner.get(`/files/${plan.id}`)).json()).toMatchObject({ kept: "forever" })
  } finally {
    await read(await admin.patch("/admin/settings", { retention: OFF }), 200)
  }
})
