import type { Page } from "@playwright/test"
import { expect, test } from "../../fixtures.ts"

const LANGUAGES = ["en-GB", "de", "fr", "es", "pt-BR", "ja", "zh-CN", "ar"]
const AREAS = "accounts|admin|charts|checks|common|member|overview|settings"

/** A key that is shown in place of its message, as next-intl does it: "member.shares.title". */
const RAW_KEY = new RegExp(`\\b(${AREAS})\\.[a-z][A-Za-z]*\\.?[A-Za-z.]*\\b`)

async function expectToRead(page: Page, path: string, language: string) {
  const where = `${path} in ${language}`
  await page.goto(path, { waitUntil: "networkidle" })
  const html = page.locator("html")
  await expect(html, where).toHaveAttribute("lang", language.replace("-GB", ""))
  await expect(html, where).toHaveAttribute("dir", language === "ar" ? "rtl" : "ltr")
  await page.locator("summary").evaluateAll((every) => {
    for (const summary of every) if (summary instanceof HTMLElement) summary.click()
  })
  const texts = page.locator("body :not(script, style, noscript)")
  await expect(texts.filter({ hasText: RAW_KEY, hasNot: page.locator("*") }), where).toHaveCount(0)
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width, `${where} scrolls sideways`).toBeLessThanOrEqual(390)
}

// A console error fails every story (e2e/fixtures.ts).
for (const language of LANGUAGES) {
  test(`every screen of members and admins can be read on a phone in ${language}`, async ({
    admin,
    owner,
    browse,
    installation,
  }) => {
    test.skip(!process.env.HEAVY, "`npm run test:heavy` looks at all languages.")
    test.setTimeout(180_000)
    const share = await owner.share("plan.pdf", { title: "The plan", password: "open sesame" })
    const ended = await owner.share("late.pdf", { maxDownloads: 2 })
    await owner.post(`/shares/${ended.id}/revoke`, { cutOff: true })
    const [member] = await installation.query<{ id: string }>(
      "SELECT id::text FROM member WHERE email = $1",
      [owner.email],
    )
    const options = { locale: language, viewport: { width: 390, height: 844 } }

    const stranger = await browse(options)
    for (const path of ["/sign-in", "/forgot", "/setup", "/invite/none", "/reset/none", "/nowhere"])
      await expectToRead(stranger, path, language)

    const page = await browse({ ...options, storageState: await owner.context.storageState() })
    for (const path of [
      "/shares",
      "/shares?q=nothing",
      "/requests",
      `/shares/${share.id}`,
      `/shares/${ended.id}`,
      "/files",
      "/settings",
    ])
      await expectToRead(page, path, language)

    const adminPage = await browse({
      ...options,
      storageState: await admin.context.storageState(),
    })
    for (const path of [
      "/admin",
      "/admin/shares",
      `/admin/shares/${ended.id}`,
      "/admin/files",
      `/admin/files/${share.files[0]?.id}`,
      "/admin/members",
      `/admin/members/${member?.id}`,
      "/admin/audit",
      ...["sharing", "files", "people", "sign-in", "branding", "mail"].map(
        (name) => `/admin/settings/${name}`,
      ),
      "/admin/checks",
      "/admin/panic",
      "/admin/panic?what=time",
      `/admin/panic?what=member&ownerId=${member?.id}`,
    ])
      await expectToRead(adminPage, path, language)
  })
}
