import type { Page } from "@playwright/test"
import { expect, test } from "../fixtures.ts"

const html = (page: Page) => page.locator("html")
const languages = (page: Page) => page.locator("select", { has: page.locator("[value=ja]") })

test("a member reads the language of the browser, or on every browser the one chosen in Your account", async ({
  browse,
  join,
}) => {
  const member = await join("Lea Lind")
  await member.share("plan.pdf", { title: "The plan" })
  const storageState = await member.context.storageState()
  const german = await browse({ storageState, locale: "de-DE" })

  await german.goto("/settings")
  await expect(html(german)).toHaveAttribute("lang", "de")
  await expect(german).toHaveTitle("Ihr Konto · Lapse")
  await languages(german).selectOption("日本語")
  await expect(html(german)).toHaveAttribute("lang", "ja")
  await expect(german.getByRole("heading", { level: 1 })).toHaveText("アカウント")

  const english = await browse({ storageState, locale: "en-GB" })
  await english.goto("/shares")
  await expect(html(english)).toHaveAttribute("lang", "ja")
  await expect(english.getByRole("heading", { level: 1 })).toHaveText("共有")
  const refused = await member.patch("/me", { name: "" })
  expect(await refused.json()).toMatchObject({ title: "name: 名前を入力してください。" })

  await english.goto("/settings")
  await languages(english).selectOption("العربية")
  await expect(html(english)).toHaveAttribute("dir", "rtl")
  const box = async (name: string) => (await english.locator(name).first().boundingBox())?.x ?? 0
  expect(await box("nav")).toBeGreaterThan(await box("main"))
  expect(await (await member.get("/me")).json()).toMatchObject({ language: "ar" })

  await languages(english).selectOption("")
  await expect(html(english)).toHaveAttribute("lang", "en")
  await expect(english.getByRole("status").getByText("Language saved.")).toBeVisible()
})

test("before signing in, pages and refusals are in the language of the browser", async ({
  browse,
}) => {
  const page = await browse({ locale: "de-AT", javaScriptEnabled: false })
  await page.goto("/sign-in")
  await expect(html(page)).toHaveAttribute("lang", "de")
  await page.locator("[name=email]").fill("nobody@example.org")
  await page.locator("[name=password]").fill("not the password")
  await page.getByRole("button", { name: "Anmelden" }).click()
  await expect(page.getByText("E-Mail-Adresse oder Passwort ist falsch.")).toBeVisible()

  const arabic = await browse({ locale: "ar-EG" })
  for (const path of ["/sign-in", "/forgot", "/setup", "/invite/none", "/reset/none"]) {
    await arabic.goto(path)
    await expect(html(arabic)).toHaveAttribute("dir", "rtl")
  }
})
