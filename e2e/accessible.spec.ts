import AxeBuilder from "@axe-core/playwright"
import type { Page } from "@playwright/test"
import { expect, test } from "./fixtures.ts"
import { aFile, uploadByHand } from "./share-a-file.ts"

// The longest stories: spread over the workers.
test.describe.configure({ mode: "parallel" })

const HOUR = 3_600_000

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any visitor's page in ${colorScheme}`, async ({
    owner,
    browse,
    installation,
  }) => {
    test.setTimeout(90_000)
    const page = await browse({ colorScheme, reducedMotion: "reduce" })
    const files = [
      await owner.upload("report.pdf", Buffer.from("report")),
      await owner.upload("photo.jpg", Buffer.from("photo")),
    ]
    const many = await owner.shareFiles(
      files.map(({ id }) => id),
      { title: "Two files", message: "As promised.", maxDownloads: 3 },
    )
    const locked = await owner.share("locked.pdf", { password: "open sesame" })
    const startsAt = new Date(Date.now() + HOUR).toISOString()
    const scheduled = await owner.share("later.pdf", { startsAt })
    const expired = await owner.share("late.pdf")
    await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [expired.id])
    const revoked = await owner.share("ended.pdf")
    await owner.post(`/shares/${revoked.id}/revoke`, {})

    const pages = [
      many.url,
      locked.url,
      `${locked.url}?error=password`,
      scheduled.url,
      expired.url,
      revoked.url,
      "/s/unknown",
      "/nowhere",
      "/sign-in",
      "/sign-in?error=CredentialsSignin",
      "/setup",
      "/invite/none",
    ]
    for (const url of pages) {
      await page.goto(url)
      await findNothing(page, url)
    }
  })

  test(`axe finds nothing on any member's or admin's page in ${colorScheme}`, async ({
    owner,
    admin,
    browse,
  }) => {
    test.setTimeout(120_000)
    const share = await owner.share("survey.pdf", { title: "Harbour survey", maxDownloads: 3 })
    const ended = await owner.share("ended.pdf")
    await owner.post(`/shares/${ended.id}/revoke`, {})
    const storageState = await owner.context.storageState()
    const page = await browse({ colorScheme, reducedMotion: "reduce", storageState })

    const pages = ["/shares", `/shares/${share.id}`, `/shares/${ended.id}`, "/files", "/settings"]
    for (const url of [...pages, "/shares?q=nothing+like+this", "/shares?status=revoked"]) {
      await page.goto(url)
      await findNothing(page, url)
    }

    await page.goto("/shares")
    await uploadByHand(page, [aFile("a.pdf"), aFile("b.pdf")])
    await findNothing(page, "finished uploads")
    await page.getByRole("button", { name: /^Create link/ }).click()
    await expect(page.getByRole("dialog")).toBeVisible()
    await page
      .getByRole("switch", { name: "Password" })
      .or(page.getByLabel("Password"))
      .first()
      .check()
    await findNothing(page, "the dialog of a new link")
    await page.keyboard.press("Escape")
    await page
      .getByRole("button", { name: /^More for Harbour survey/ })
      .first()
      .click()
    await expect(page.getByRole("menu")).toBeVisible()
    await findNothing(page, "the menu of a share")
    await page.getByRole("menuitem", { name: "Revoke…" }).click()
    await expect(page.getByRole("alertdialog")).toBeVisible()
    await findNothing(page, "the question before a revoke")

    const adminPage = await browse({
      colorScheme,
      reducedMotion: "reduce",
      storageState: await admin.context.storageState(),
    })
    for (const url of ["/admin/shares", "/admin/members", "/admin/audit"]) {
      await adminPage.goto(url)
      await findNothing(adminPage, url)
    }
    await adminPage.goto("/admin/members")
    await adminPage.getByRole("button", { name: "Invite a member" }).click()
    await expect(adminPage.getByRole("dialog")).toBeVisible()
    await findNothing(adminPage, "the dialog of an invitation")
  })
}

async function findNothing(page: Page, where: string) {
  await expect(page.locator("h1, [role=dialog], [role=alertdialog]").first()).toBeVisible()
  const { violations } = await new AxeBuilder({ page }).analyze()
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}\n${failureSummary}`),
  )
  expect(found, where).toEqual([])
}
