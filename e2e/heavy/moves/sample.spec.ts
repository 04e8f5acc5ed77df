import { expect } from "../../fixtures.ts"
import { test } from "../../installation/own-installation.ts"

// No account exists yet.
test.use({ settings: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "" } })

test("a newcomer starts with sample data, signs in with what the start printed and sees shares of every kind", async ({
  own,
  newPage,
}) => {
  test.setTimeout(120_000)
  expect(await own.stop()).toBe(0)
  const before = own.lines().length
  await own.start(["--sample"])
  const signIns = own.lines(before).flatMap((line) => line.match(/^ {2}(\S+@\S+) {3}(\S+)$/) ?? [])
  const [, admin = "", adminsPassword = "", , member = "", password = ""] = signIns

  const signIn = async (email: string, word: string) => {
    const page = await newPage()
    await page.goto("/sign-in")
    await page.getByLabel("Email").fill(email)
    await page.getByLabel("Password").fill(word)
    await page.getByRole("button", { name: "Sign in" }).click()
    await page.waitForURL("**/shares")
    return page
  }
  const page = await signIn(member, password)
  for (const status of ["open", "scheduled", "expired", "revoked", "used_up"]) {
    await expect(page.locator(`a[href$="status=${status}"]`)).toHaveText(/[1-9]/)
  }
  await page.getByRole("link", { name: "Photos for the brochure" }).click()
  await expect(page.getByRole("region", { name: "Statistics" })).toContainText(/Views\s*\d\d/)
  await expect(page.getByText(/^Opened .*downloaded/).first()).toBeVisible()
  const overview = await signIn(admin, adminsPassword)
  await overview.goto("/admin")
  await expect(overview.getByRole("heading", { level: 1 })).toBeVisible()

  await own.stop()
  await expect(own.start(["--sample"])).rejects.toThrow(/goes into a new installation only/)
})
