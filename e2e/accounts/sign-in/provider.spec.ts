import { writeFile } from "node:fs/promises"
import path from "node:path"
import { expect, type Page } from "@playwright/test"
import { CLIENT, startProvider } from "../../../testing/provider/identity-provider.ts"
import { expectNoViolations } from "../../browser/axe.ts"
import { aFile, shareByHand } from "../../files/share-a-file.ts"
import { ADMIN, test as base } from "../../installation/own-installation.ts"
import { postCredentials, read } from "../../member-client.ts"
import { installCommand } from "../../programs/run-command.ts"
import { chooseFiles, PHONE } from "../../requests/guest.ts"

type IdentityProvider = Awaited<ReturnType<typeof startProvider>>

const PEOPLE = [
  { sub: "nora", name: "Nora New", email: "nora@example.org", email_verified: true },
  { sub: "pia", name: "Pia Phone", email: "pia@example.org", email_verified: true },
  { sub: "els", name: "Els", email: "els@elsewhere.example", email_verified: true },
]

/** For stories on an installation whose members sign in at an identity provider. */
const test = base.extend<{
  provider: IdentityProvider
  passwords: "on" | "off"
  more: Record<string, string>
  /** The groups that the provider shows of its people, which a story may change. */
  groups: Record<string, string[]>
}>({
  passwords: ["on", { option: true }],
  more: [{}, { option: true }],
  groups: [{}, { option: true }],
  provider: async ({ groups }, use) => {
    const people = PEOPLE.map((person) => ({
      ...person,
      get groups() {
        return groups[person.sub]
      },
    }))
    const provider = await startProvider({ people })
    await use(provider)
    await provider.close()
  },
  settings: async ({ provider, passwords, more }, use) =>
    use({
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_NAME: "Example",
      OIDC_ALLOWED_DOMAINS: "example.org",
      PASSWORD_SIGN_IN: passwords,
      WEB_PROCESSES: "2",
      ...more,
    }),
})

const signOut = (page: Page) => page.getByRole("button", { name: "Sign out" }).last().click()

test.describe("where only the provider signs people in", () => {
  test.skip(!process.env.HEAVY, "`npm run test:heavy` starts an installation without passwords.")
  test.use({ passwords: "off" })

  test("a person signs in for the first time, shares a file, and signs out there too", async ({
    own,
    provider,
    newPage,
  }) => {
    provider.serve(own.url)
    const page = await newPage()
    const link = await shareByHand(page, [aFile("plan.pdf")])
    await expect(page.getByText("Nora New")).toBeVisible()
    const visitor = await newPage()
    await visitor.goto(link)
    await expect(visitor.getByText("Nora New sent you")).toBeVisible()

    await page.goto("/settings")
    await expect(page.getByRole("heading", { name: "Sign-in with Example" })).toBeVisible()
    await expect(page.getByRole("heading", { name: "Password" })).toHaveCount(0)
    await signOut(page)
    await page.getByRole("button", { name: /yes/i }).click() // the provider's own question
    await expect(page.getByRole("heading", { name: "You’re signed out" })).toBeVisible()
    expect(page.url()).toContain(`${own.url}/signed-out`)
    await expectNoViolations(page, "/signed-out")

    const refused = await postCredentials((await newPage()).request, ADMIN)
    expect(refused.status()).toBe(403)
    provider.signIn("els")
    const stranger = await newPage()
    await stranger.goto("/shares")
    await expect(
      stranger.getByText("Your Example account doesn’t have access here. Ask an admin"),
    ).toBeVisible()
    await expectNoViolations(stranger, "/sign-in")
    await stranger.goto("/forgot")
    await expect(stranger.getByRole("heading", { name: "Passwords are turned off" })).toBeVisible()
  })
})

test.describe("a new installation with an admin claim", () => {
  test.skip(!process.env.HEAVY, "`npm run test:heavy` starts an installation without accounts.")
  test.use({
    more: { ADMIN_EMAIL: "", ADMIN_PASSWORD: "", OIDC_ADMIN_CLAIM: "email=nora@example.org" },
  })

  test("lets in the person of the claim as its first admin, and nobody before", async ({
    own,
    provider,
    newPage,
  }) => {
    provider.serve(own.url)
    const signIn = { name: "Sign in with Example" }
    provider.signIn("els")
    const stranger = await newPage()
    await stranger.goto("/shares")
    await expect(stranger.getByRole("heading", { name: "Lapse isn’t set up yet" })).toBeVisible()
    await expectNoViolations(stranger, "/sign-in of a new installation")
    await stranger.getByRole("link", signIn).click()
    await expect(stranger.getByText("doesn’t have access here")).toBeVisible()

    provider.signIn("nora")
    const page = await newPage()
    await page.goto("/admin/members")
    await page.getByRole("link", signIn).click()
    await expect(page.getByRole("heading", { name: "Members" })).toBeVisible()
    await stranger.goto("/sign-in")
    await expect(stranger.getByRole("heading", { name: "Sign in", exact: true })).toBeVisible()
  })
})

test("the provider ends a session: open page and calls are refused within five seconds", async ({
  own,
  provider,
  newPage,
}) => {
  provider.serve(own.url)
  const page = await newPage()
  await page.goto("/sign-in?next=/settings")
  await expectNoViolations(page, "/sign-in")
  await page.getByRole("link", { name: "Sign in with Example" }).click()
  await expect(page.getByRole("heading", { name: "Your account" })).toBeVisible()
  const me = async () => (await page.request.get("/api/v1/me")).status()
  expect(await me()).toBe(200)

  const [{ sid = "" } = {}] = await own.query<{ sid: string }>("SELECT sid FROM session")
  const began = Date.now()
  await provider.endSession("nora", sid)
  // Both web processes refuse, since a session is a row.
  expect(await Promise.all(Array.from({ length: 8 }, me))).toEqual(Array(8).fill(401))
  await expect(page.getByRole("dialog", { name: "Sign in to continue" })).toBeVisible({
    timeout: 5_000,
  })
  expect(Date.now() - began).toBeLessThan(5_000)

  const dialog = page.getByRole("dialog")
  await expectNoViolations(page, "the sign-in dialog")
  const opened = page.waitForEvent("popup")
  await dialog.getByRole("link", { name: "Sign in with Example" }).click()
  const tab = await opened
  await expect(tab.getByRole("heading", { name: "Shares" })).toBeVisible()
  await tab.close()
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")))
  await expect(dialog).toHaveCount(0)
  expect(await me()).toBe(200)
})

test.describe("a company's day", () => {
  test.use({ groups: { nora: ["accounting"], pia: ["accounting"] } })

  test("accounting asks for files, two people work on them, one leaves, and the build server shares", async ({
    own,
    provider,
    groups,
    member: admin,
    newPage,
  }) => {
    provider.serve(own.url)
    const headers = { "lapse-team": "accounting" }
    const team = { name: "Accounting", slug: "accounting", group: "accounting" }
    await read(await admin.post("/admin/teams", team), 201)
    const signIn = async (sub: string, next: string) => {
      provider.signIn(sub)
      const page = await newPage()
      await page.goto(`/sign-in?next=${next}`)
      await page.getByRole("link", { name: "Sign in with Example" }).click()
      await page.waitForURL(`**${next}`)
      return page
    }

    // Nora asks for files, and a guest sends one from a phone.
    const nora = await signIn("nora", "/t/accounting/requests")
    await nora.getByRole("button", { name: "New request" }).click()
    const form = nora.getByRole("dialog")
    await form.getByLabel("What you ask for").fill("Receipts of March")
    await form.getByRole("button", { name: "Create request" }).click()
    await expect(nora.getByText("Nothing received yet.")).toBeVisible()
    const { items } = await read<{ items: { url: string }[] }>(
      await nora.request.get("/api/v1/requests", { headers }),
      200,
    )
    const guest = await newPage(PHONE)
    await guest.goto(items[0]?.url ?? "")
    await chooseFiles(
      guest,
      ["taxi.jpg", "hotel.jpg"].map((name) => ({ name, buffer: Buffer.from(name) })),
    )
    await guest.getByRole("button", { name: "Finish and send 2 files" }).click()
    await expect(guest.getByRole("heading", { name: "Your files have arrived" })).toBeVisible()

    // Pia sees the same, and shares it with the auditor's office.
    const pia = await signIn("pia", "/t/accounting/requests")
    await pia.getByRole("link", { name: "Receipts of March" }).click()
    await expect(pia.getByText("taxi.jpg")).toBeVisible()
    await pia.getByRole("button", { name: /^Share these/ }).press("Enter")
    const question = pia.getByRole("alertdialog", { name: "Share these files?" })
    await question.getByRole("button", { name: "Create link" }).press("Enter")
    await expect(pia.getByRole("dialog").getByLabel("Title")).toHaveValue("Receipts of March")
    await nora.goto("/t/accounting/shares")
    await expect(nora.getByRole("link", { name: "Receipts of March" })).toBeVisible()

    // Pia leaves the group: after her next sign-in the open tab is out, and what she shared stays.
    groups.pia = []
    const again = await signIn("pia", "/shares")
    await expect(again.getByRole("button", { name: /Switch/ })).toHaveCount(0)
    expect((await pia.goto("/t/accounting/shares"))?.status()).toBe(404)
    await nora.reload()
    await nora.getByRole("link", { name: "Receipts of March" }).click()
    await expect(nora.getByRole("heading", { name: "Receipts of March" })).toBeVisible()

    // The build server shares by the service account, which no person's leaving ends.
    const scopes = ["files:read", "files:write", "shares:read", "shares:write"]
    const made = await admin.context.post("/api/v1/tokens", {
      data: { name: "Build server", scopes, service: true },
      headers,
    })
    const { token } = await read<{ token: string }>(made, 201)
    const command = await installCommand(own.url, { LAPSE_URL: own.url, LAPSE_TOKEN: token })
    await writeFile(path.join(command.folder, "report.txt"), "built")
    const shared = await command.run("share", "report.txt", "--title", "Report 7")
    await command.remove()
    expect(shared).toMatchObject({ code: 0 })
    await nora.goto("/t/accounting/shares")
    await expect(nora.getByRole("link", { name: "Report 7" })).toBeVisible()
    await guest.goto(shared.out.trim())
    await expect(guest.getByText("Accounting")).toBeVisible()
  })
})
