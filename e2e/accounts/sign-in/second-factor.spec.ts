import type { BrowserContextOptions, Page } from "@playwright/test"
import { TOTP } from "otpauth"
import { expectNoViolations } from "../../browser/axe.ts"
import { expect, test } from "../../fixtures.ts"
import { type Credentials, postCredentials } from "../../member-client.ts"

const STEP_MS = 30_000

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * STEP_MS })

const withoutScript: BrowserContextOptions = { javaScriptEnabled: false }

/** Gives the browser a device that keeps passkeys and verifies its person. */
async function withDevice(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send("WebAuthn.enable")
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    /** Whether the person answers when the browser asks for a passkey. */
    answers: (enabled: boolean) =>
      session.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled }),
    passkeys: async () =>
      (await session.send("WebAuthn.getCredentials", { authenticatorId })).credentials.length,
  }
}

/** Notes on the window that the page asks for a passkey in the suggestions of a field. */
function noteSuggestions() {
  const { get } = CredentialsContainer.prototype
  CredentialsContainer.prototype.get = function (options) {
    if (options?.mediation === "conditional") Object.assign(window, { suggests: true })
    return get.call(this, options)
  }
}

async function typeSignIn(page: Page, { email, password }: Credentials) {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("Password").fill(password)
  await page.getByRole("button", { name: "Sign in", exact: true }).click()
}

// The browser logs refused codes and calls.
test.use({ allowed: [/status of (400|401|403)/] })

test.afterEach(({ admin }) => admin.patch("/admin/settings", { reset: ["secondFactorRequired"] }))

test("a member adds a passkey, signs in with it by a button and by the suggestions of the browser, renames it and removes it", async ({
  installation,
  join,
  browse,
  adminPage,
}) => {
  const member = await join("Paz Passkey")
  const page = await browse({ storageState: await member.context.storageState() })
  const device = await withDevice(page)
  await page.addInitScript(noteSuggestions)
  await page.goto("/settings")
  await page.getByRole("button", { name: "Add a passkey" }).click()
  const dialog = page.getByRole("dialog", { name: "Add a passkey" })
  await expect(dialog.getByText("It works only at localhost.")).toBeVisible()
  await expectNoViolations(page, "adding a passkey")
  await dialog.getByLabel("Name").fill("Laptop")
  await dialog.getByRole("button", { name: "Create passkey" }).click()
  await expect(page.getByText("not used yet.")).toBeVisible()
  await expect(dialog).toBeHidden()
  expect(await device.passkeys()).toBe(1)

  await device.answers(false)
  await page.getByRole("button", { name: "Sign out" }).first().click()
  await page.waitForURL("**/sign-in")
  await expect(page.getByLabel("Email")).toHaveAttribute("autocomplete", "username webauthn")
  await expectNoViolations(page, "/sign-in with passkeys")
  // The button ends the question of the suggestions; a later one would end that of the button.
  await page.waitForFunction(() => "suggests" in window)
  await device.answers(true)
  await page.getByRole("button", { name: "Sign in with a passkey" }).click()
  await page.waitForURL("**/shares")

  // The person chooses the passkey from the suggestions of the email field once it asks for one.
  const signedIn = page.waitForResponse((answer) => answer.url().endsWith("/callback/passkey"))
  await page.getByRole("button", { name: "Sign out" }).first().click()
  expect((await signedIn).status()).toBe(200)
  await page.waitForURL("**/shares")
  await page.goto("/settings")
  await expect(page.getByText(/last used/)).toBeVisible()
  await page.getByRole("button", { name: "Rename Laptop" }).click()
  await page.getByRole("dialog").getByLabel("Name").fill("Blue laptop")
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click()
  await installation.query("UPDATE session SET confirmed_at = now() - interval '11 minutes'")
  await page.getByRole("button", { name: "Remove Blue laptop" }).click()
  await page.getByRole("button", { name: "Remove passkey" }).click()
  const confirm = page.getByRole("dialog", { name: "Confirm that it’s you" })
  await confirm.getByRole("button", { name: "Use passkey" }).click()
  await expect(page.getByText("Blue laptop", { exact: true })).toHaveCount(0)
  await adminPage.goto("/admin/audit")
  await expect(adminPage.getByText("added the passkey “Laptop”")).toBeVisible()
  await expect(adminPage.getByText("removed their passkey “Blue laptop”")).toBeVisible()
})

test("a member who lacks the required second factor sets one up at the next sign-in, and needs it from then on; a recovery code works once", async ({
  installation,
  join,
  admin,
  browse,
}) => {
  const member = await join("Fay Factor")
  await admin.patch("/admin/settings", { secondFactorRequired: true })
  expect((await member.get("/shares")).status()).toBe(200)

  const page = await browse()
  await page.goto("/files")
  await typeSignIn(page, member)
  await page.waitForURL("**/second-factor?next=%2Ffiles")
  await expectNoViolations(page, "/second-factor")
  const shares = await page.request.get("/api/v1/shares")
  expect([shares.status(), (await shares.json()).code]).toEqual([403, "second_factor_required"])
  await page.goto("/settings")
  await page.waitForURL("**/second-factor?next=%2Fsettings")
  await page.goto("/second-factor?next=%2Ffiles")
  await page.getByRole("button", { name: /^Authenticator app/ }).click()
  await expect(page.getByText("Or enter this key in the app")).toBeVisible()
  const secret = (await page.getByRole("definition").textContent())?.replaceAll(" ", "") ?? ""
  await expect(page.getByRole("img", { name: "QR code for your authenticator app" })).toBeVisible()
  await page.getByLabel("Code from the app").fill("000000")
  await page.getByRole("button", { name: "Turn on" }).click()
  await expect(page.getByText("This code is wrong.")).toBeVisible()
  // The code of the step before, so that the current one is unused.
  await page.getByLabel("Code from the app").fill(codeOf(secret, -1))
  await page.getByRole("button", { name: "Turn on" }).click()
  const codes = page.getByRole("list", { name: "Your recovery codes" }).getByRole("listitem")
  await expect(codes).toHaveCount(10)
  const recovery = await codes.allTextContents()
  await expectNoViolations(page, "recovery codes")
  await page.getByRole("button", { name: "I’ve saved them, continue" }).click()
  await page.waitForURL("**/files")

  const again = await browse()
  await again.goto("/sign-in")
  await typeSignIn(again, member)
  await again.getByLabel("Code").fill("000000")
  await again.getByRole("button", { name: "Sign in", exact: true }).click()
  await expect(again.getByText("This code is wrong, expired or already used.")).toBeVisible()
  await expect(again.getByLabel("Password")).toHaveValue(member.password)
  await again.getByLabel("Code").fill(codeOf(secret))
  await again.getByRole("button", { name: "Sign in", exact: true }).click()
  await again.waitForURL("**/shares")

  const plain = await browse(withoutScript)
  await plain.goto("/sign-in?next=/settings")
  await typeSignIn(plain, member)
  await expect(plain.getByLabel("Password")).toHaveCount(0)
  await plain.getByLabel("Code").fill(recovery[0] ?? "")
  await plain.getByRole("button", { name: "Sign in", exact: true }).click()
  await plain.waitForURL("**/settings")
  await expect(plain.getByText("9 recovery codes left.")).toBeVisible()

  const { request } = await browse()
  const first = await postCredentials(request, member)
  expect([first.status(), (await first.json()).code]).toEqual([401, "code_required"])
  const used = await postCredentials(request, {
    email: member.email,
    password: member.password,
    code: recovery[0] ?? "",
  })
  expect(used.status()).toBe(401)
  const other = await postCredentials(request, {
    email: member.email,
    password: member.password,
    code: recovery[1] ?? "",
  })
  expect(other.status()).toBe(200)

  const removed = await installation.lapse([
    "reset-password",
    member.email,
    "--remove-second-factor",
  ])
  expect(removed.code).toBe(0)
  const last = await browse()
  await last.goto("/sign-in")
  await typeSignIn(last, member)
  await last.waitForURL("**/second-factor**")
})
