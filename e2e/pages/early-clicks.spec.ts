import type { Page } from "@playwright/test"
import { expect, test } from "../fixtures.ts"

/** Opens the page, whose scripts take a second to load, and returns when it is drawn. */
async function openSlowly(page: Page, path: string) {
  await page.route(/\.js(\?|$)/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 1000))
    await route.continue()
  })
  await page.goto(path, { waitUntil: "commit" })
}

test("a folder chosen before the page's scripts have loaded is selected once they have", async ({
  owner,
  ownerPage: page,
}) => {
  for (const name of ["one.txt", "two.txt"])
    await owner.post("/files", { name, path: "early", size: 1 })
  await openSlowly(page, "/files")
  await page.getByLabel("Select all of early").click()
  await expect(page.getByRole("region", { name: "2 files selected" })).toBeVisible()
  await expect(page.getByLabel("Select all of early")).toBeChecked()
})

test("an admin who chose what to do before the page's scripts had loaded does that", async ({
  owner,
  adminPage: page,
}) => {
  const file = await owner.upload("plan.pdf", Buffer.from("the plan"))
  await owner.shareFiles([file.id])
  const me = await (await owner.get("/me")).json()
  await openSlowly(page, `/admin/panic?what=member&ownerId=${me.id}`)
  await page.getByRole("radio", { name: "Revoke only" }).click()
  await expect(page.getByRole("button", { name: /^Revoke (\d+ shares?|only)$/ })).toBeVisible()
  await expect(page.getByRole("radio", { name: "Revoke only" })).toBeChecked()
})
