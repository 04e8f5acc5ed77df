import { expect, test } from "../fixtures.ts"
import { postCredentials, signInClient } from "../member-client.ts"

// The browser logs the refused password.
test.use({ allowed: [/status of 400/] })

test("changing the password ends all other sessions", async ({
  installation,
  join,
  browse,
  stranger,
}) => {
  const here = await join("Petra Password")
  const elsewhere = await signInClient(installation.url, here)
  const page = await browse({ storageState: await here.context.storageState() })
  const changed = "another harbour in summer"

  await page.goto("/settings")
  await expect(page.getByRole("main").getByRole("heading", { level: 2 })).toHaveText([
    "Security",
    "API tokens",
    "New links",
    "Email notifications",
    "Language",
  ])
  const change = page.getByRole("button", { name: "Change password" })
  await change.click()
  const current = page.getByLabel("Current password")
  await current.fill("not my password")
  await page.getByLabel("New password").fill(changed)
  await change.last().click()
  await expect(current).toBeFocused()
  await expect(current).toHaveAccessibleDescription(/./)
  await expect(page.getByLabel("New password")).toHaveValue(changed)
  await current.fill(here.password)
  await change.last().click()
  await expect(page.getByText("Password changed.")).toBeVisible()
  await expect(page.getByRole("dialog")).toHaveCount(0)

  expect(await elsewhere.isSignedIn()).toBe(false)
  expect((await elsewhere.get("/shares")).status()).toBe(401)
  await page.goto("/shares")
  await expect(page.getByRole("heading", { name: "Shares" })).toBeVisible()
  const person = await stranger()
  expect((await postCredentials(person, here)).status()).toBe(401)
  const fresh = { email: here.email, password: changed }
  expect((await postCredentials(person, fresh)).status()).toBe(200)
  await elsewhere.context.dispose()
})
