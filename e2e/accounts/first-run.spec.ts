import { randomBytes } from "node:crypto"
import fs from "node:fs"
import type { Page } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { sha256Of } from "../files/random-file.ts"
import { closeDrop, shareByHand } from "../files/share-a-file.ts"
import { expect } from "../fixtures.ts"
import { test } from "../installation/own-installation.ts"
import { downloadBy } from "../network/send-click.ts"

// No account exists yet.
test.use({ settings: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } })

test("the first person sets up Lapse, shares 20 MiB, and a stranger downloads every byte of it", async ({
  own: fresh,
  newPage,
}, testInfo) => {
  const bytes = randomBytes(20 * MIB)
  const file = testInfo.outputPath("point cloud.laz")
  fs.writeFileSync(file, bytes)
  const page = await newPage()
  const visitor = await newPage()

  await setUp(page)
  const link = await shareByHand(page, [file])
  expect(link).toMatch(new RegExp(`^${fresh.url}/s/[A-Za-z0-9_-]{32}$`))
  await closeDrop(page)

  await visitor.goto(link)
  await expect(visitor.getByText("Grace Hopper sent you")).toBeVisible()
  await expect(visitor.getByRole("heading", { name: "point cloud.laz" })).toBeVisible()
  const download = await downloadBy(visitor, /^Download/)
  expect(download.suggestedFilename()).toBe("point cloud.laz")
  expect(sha256Of(fs.readFileSync(await download.path()))).toBe(sha256Of(bytes))
  expect(new URL(download.url()).origin).toBe(fresh.storeUrl)

  await page.goto("/shares")
  const row = page.getByRole("listitem").filter({ hasText: "point cloud.laz" })
  await expect(row).toContainText("1 Views")
  await expect(row).toContainText("1 Downloads")

  await row.getByRole("button", { name: /^More actions for/ }).click()
  await page.getByRole("menuitem", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog", { name: /Revoke/ })
  await expect(asked).toContainText("it was opened once and downloaded once")
  await asked.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(page.getByText(/Download links already issued may work until/).first()).toBeVisible()

  const over = await visitor.goto(link)
  expect(over?.status()).toBe(410)
  await expect(visitor.getByRole("heading", { name: "This link was revoked" })).toBeVisible()

  async function setUp(owner: Page) {
    const setup = fresh
      .lines()
      .join("\n")
      .match(/http:\S*\/setup\?code=[\w-]+/)?.[0]
    expect(setup, "the start prints the setup address").toBeDefined()

    for (const incomplete of ["/setup", setup?.slice(0, -1) ?? ""]) {
      expect((await owner.goto(incomplete))?.status()).toBe(403)
      await expect(owner.getByText("This setup link is incomplete")).toBeVisible()
    }
    await owner.goto(`${setup?.slice(0, -1)}${setup?.endsWith("A") ? "B" : "A"}`)
    await expect(owner.getByText("This setup link isn’t valid")).toBeVisible()

    await owner.goto(setup ?? "")
    await owner.getByLabel("Name").fill("Grace Hopper")
    const email = owner.getByLabel("Email")
    await email.fill("Grace@localhost")
    const password = owner.getByLabel("Password")
    await password.fill("a nanosecond of wire")
    const submit = owner.getByRole("button", { name: "Set up and sign in" })
    await submit.click()
    await expect(owner.getByText("Enter an email address like")).toBeVisible()
    await expect(email).toBeFocused()
    await owner.context().setOffline(true)
    await submit.click()
    await expect(owner.getByText("The server didn’t respond.")).toBeVisible()
    await owner.context().setOffline(false)
    await expect(email).toHaveValue("Grace@localhost")
    await expect(password).toHaveValue("a nanosecond of wire")
    await email.fill("Grace@Example.org")
    await submit.click()
    await owner.waitForURL("**/admin/checks")
    const rows = owner.getByRole("listitem").filter({ has: owner.getByRole("heading") })
    await expect(rows.filter({ hasText: "Address" }).first()).toContainText(
      /works on this machine only, so nobody else can open a link\. ?How to fix: Set APP_URL/,
      { timeout: 30_000 },
    )
    await owner.locator("summary").filter({ hasText: "Address" }).click()
    await expect(rows.filter({ hasText: "A browser uploaded a test object" })).toBeVisible()
    await expect(rows.filter({ hasText: "Backups are not scheduled" })).toBeVisible()
    await expect(owner.getByText("2 warnings")).toBeVisible()
    const steps = owner.locator("section").filter({ hasText: "Finish setup" })
    await expect(steps.getByRole("listitem")).toHaveCount(3)
    await steps.getByRole("link", { name: "Share a file" }).click()
    await owner.waitForURL("**/shares")

    const late = await newPage()
    await late.goto(setup ?? "")
    await expect(late).toHaveURL(/\/sign-in/)
    await expect(late.getByText("Lapse is already set up. Sign in.")).toBeVisible()
  }
})
