import { randomBytes } from "node:crypto"
import { expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { changeBranding } from "#lib/rooms/admin/change-branding.ts"
import { BrandingChange } from "#lib/rooms/settings/branding.ts"
import { findLogo } from "#lib/rooms/settings/read-branding.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { inDays } from "#testing/units.ts"
import { aClient } from "#testing/visitors/visitor-client.ts"

const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex")
const dataUrl = (bytes: Uint8Array, type = "image/png") =>
  `data:${type};base64,${Buffer.from(bytes).toString("base64")}`

const ago = () => new Date(Date.now() - 1000)

const show = async (token: string) => String((await aClient().send("GET", `/s/${token}`)).body)

it("every page of a known link shows the branding as soon as it is set", async () => {
  const admin = await anAdmin()
  const links = [
    await aLink(),
    await aLink({ passwordHash: "any" }),
    await aLink({ startsAt: inDays(1) }),
    await aLink({ expiresAt: ago() }),
    await aLink({ revokedAt: ago() }),
    await aLink({ maxDownloads: 1, downloads: 1 }),
  ]
  const before = await show(links[0]?.token ?? "")
  expect(before).toContain("· Lapse</title>")
  expect(before).not.toContain("data-accent")

  const { logo } = await changeBranding(admin, {
    name: "Harbour & Co",
    accent: "#0055aa",
    logo: new Uint8Array(PNG),
    imprintUrl: "https://harbour.example/imprint",
    privacyUrl: null,
    note: "Ask Ida.",
  })
  for (const { token } of links) {
    const page = await show(token)
    expect(page).toContain("· Harbour &amp; Co</title>")
    expect(page).toContain(`src="/brand/${logo}"`)
    expect(page).toContain("--light-accent:#0055aa")
    expect(page).toContain('href="https://harbour.example/imprint"')
    expect(page).toContain("Ask Ida.")
    expect(page).not.toContain("Privacy")
    expect(page).not.toContain("opengraph-image")
  }
  expect(await findLogo(logo ?? "")).toEqual({ bytes: PNG, type: "image/png" })

  await changeBranding(admin, {
    name: null,
    logo: null,
    accent: null,
    imprintUrl: null,
    note: null,
  })
  const again = await show(links[0]?.token ?? "")
  expect(again).toContain("· Lapse</title>")
  expect(again).not.toMatch(/Harbour|data-accent|Ask Ida/)
  expect(await findLogo(logo ?? "")).toBeNull()
})

it("files come from and go to the storage of the installation, not of the member", async () => {
  const { token } = await aLink()
  const { url } = await aRequest()
  const request = async () => String((await aClient().send("GET", new URL(url).pathname)).body)
  expect(await show(token)).toContain("from Lapse’s storage")

  await changeBranding(await anAdmin(), { name: "Harbour" })

  expect(await show(token)).toContain("from Harbour’s storage")
  expect(await request()).toContain("to Harbour’s storage")
})

it("no part of the branding is interpreted as markup, a script or a style", async () => {
  const name = `</title><script>alert(1)</script>`
  await changeBranding(await anAdmin(), {
    name: name.slice(0, 40),
    note: "<img src=x onerror=a()>",
  })
  const page = await show((await aLink()).token)
  expect(page).not.toContain("<script>alert")
  expect(page).not.toContain("<img src=x")

  const refused = [
    { accent: "red" },
    { accent: "#fff;--x:url(//evil)" },
    { imprintUrl: "javascript:alert(1)" },
    { privacyUrl: "//evil.example" },
    { name: "Har\nbour" },
    { name: "" },
    { logo: dataUrl(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"), "image/svg+xml") },
    { logo: dataUrl(Buffer.from("<script>"), "image/png") },
    { logo: dataUrl(Buffer.from("RIFF1234WAVE"), "image/webp") },
    { logo: dataUrl(Buffer.concat([PNG, randomBytes(100 * 1024)])) },
    { logo: "https://evil.example/logo.png" },
  ]
  for (const change of refused) {
    expect([change, BrandingChange.safeParse(change).success]).toEqual([change, false])
  }
})

it("says in the audit log what changed, without the bytes of a logo", async () => {
  const admin = await anAdmin()
  await changeBranding(admin, { name: "Harbour", logo: new Uint8Array(PNG) })
  await changeBranding(admin, { name: "Harbour" })

  const entries = await db.auditEntry.findMany()
  expect(entries.map(({ action, details }) => [action, details])).toEqual([
    [
      "branding.change",
      { changed: "name logo", name: "Harbour", logo: expect.stringMatching(/^[0-9a-f]{20}$/) },
    ],
  ])
})
