import type { Locator, Page } from "@playwright/test"
import { controlsOf, fillAll, saveBarOf, submitOf } from "../browser/typed-controls.ts"
import { openForm, type TypedForm, typedForms } from "../browser/typed-forms.ts"
import { expect, test } from "../fixtures.ts"

// The browser logs the refusals and outages of these stories.
test.use({ allowed: [/status of (400|401|403|409|503)|ERR_INTERNET_DISCONNECTED/] })

/** The settings that the stories change. */
const SETTINGS = [
  "maxShareDays",
  "defaultShareDays",
  "maxFileBytes",
  "passwordRequired",
  "requests",
  "directLinks",
  "previews",
  "inviters",
  "secondFactorRequired",
  "eventDays",
  "auditDays",
]

/** The valid values that replace the refused ones. */
const VALID = {
  maxShareDays: "30",
  defaultShareDays: "30",
  maxFileBytes: "1",
  eventDays: "30",
  auditDays: "30",
  imprintUrl: "https://kept.example/",
  privacyUrl: "",
}

test.afterEach(async ({ admin }) => {
  const { branding } = await (await admin.get("/admin/settings")).json()
  const clear = Object.fromEntries(Object.keys(branding).map((name) => [name, null]))
  await admin.patch("/admin/settings", { reset: SETTINGS, branding: clear })
})

/** A form of each kind: of a page, of a save bar, of a dialog, and of a dialog from a menu. */
const OF_EACH_KIND = [
  "own name",
  "password",
  "rename",
  "settings of branding",
  "settings of sign-in",
  "emergency revoke",
  "disable",
]

test(`${process.env.HEAVY ? "every form" : "a form of each kind"} of members and admins keeps what was typed, chosen and ticked, whatever refuses it`, async ({
  installation,
  admin,
  join,
  browse,
}) => {
  const me = await join("Tilda Typed")
  await installation.query("UPDATE member SET role = 'admin' WHERE email = $1", [me.email])
  const session = (ended: "now()" | "NULL") =>
    installation.query(
      `UPDATE session SET ended_at = ${ended} WHERE member_id = (SELECT id FROM member WHERE email = $1)`,
      [me.email],
    )
  const page = await browse({ storageState: await me.context.storageState() })
  const context = page.context()
  context.setDefaultTimeout(15_000)

  const filled: Filled[] = []
  const pages = new Map<string, Page>()
  const forms = await typedForms({ me, admin, join })
  const tried = forms.filter(({ name }) => process.env.HEAVY || OF_EACH_KIND.includes(name))
  if (!process.env.HEAVY) expect(tried).toHaveLength(OF_EACH_KIND.length)
  for (const each of tried) {
    const shown = (each.control && pages.get(each.path)) || (await context.newPage())
    if (each.control) pages.set(each.path, shown) // a dialog covers the other forms of its page
    const form = await openForm(shown, each)
    await fillAll(form)
    await each.fill?.(form)
    const buttons = each.hasSaveBar ? saveBarOf(shown) : form
    filled.push({ ...each, form, buttons, before: await controlsOf(form) })
  }

  await context.setOffline(true)
  await refuse(filled, /didn’t respond/)
  await context.setOffline(false)
  const showDatabase = await installation.hideDatabase()
  await refuse(filled, /database/)
  showDatabase()
  await session("now()")
  await refuse(filled, /signed out/)
  await session("NULL")
  for (const { meanwhile } of filled) await meanwhile?.()
  await refuse(
    filled.filter(({ isAccepted }) => !isAccepted),
    /./,
  )

  for (const { form, buttons } of filled.filter(({ name }) => name.startsWith("settings"))) {
    for (const [name, text] of Object.entries(VALID)) {
      const field = form.locator(`[name=${name}]`)
      if (await field.count()) await field.fill(text)
    }
    await submitOf(buttons).dispatchEvent("click")
    // Not by its role: the question to sign in hides the page.
    await expect(buttons.locator("[role=status]")).toHaveText(/saved/)
  }
  await expect
    .poll(async () => (await (await admin.get("/admin/settings")).json()).branding)
    .toMatchObject({
      name: "kept as typed",
      accent: "#123456",
      logo: expect.any(String),
      imprintUrl: "https://kept.example/",
      privacyUrl: null,
      note: "kept as typed",
    })
})

type Controls = Awaited<ReturnType<typeof controlsOf>>
type Filled = Omit<TypedForm, "buttons"> & {
  form: Locator
  /** The element with the button that sends it and the reason for a refusal. */
  buttons: Locator
  before: Controls
}

/** Sends all forms, and compares their controls once each shows that it was refused for this reason. */
async function refuse(forms: Filled[], reason: RegExp) {
  // A dispatched event, because the dialog to sign in covers the forms.
  for (const { buttons } of forms) await submitOf(buttons).dispatchEvent("click")
  for (const { name, form, buttons, before } of forms) {
    const refusal = buttons.locator("[role=alert]").filter({ hasText: reason }).first()
    await expect(refusal, `${name}: ${reason}`).toBeVisible()
    expect(await controlsOf(form), `${name}: ${reason}`).toEqual(before)
  }
}

test("the forms before signing in keep what was typed, passwords too, and then go on", async ({
  installation,
  admin,
  join,
  browse,
}) => {
  const member = await join("Rita Refused")
  const { id } = await (await member.get("/me")).json()
  const reset = await (await admin.post(`/admin/users/${id}/reset-password`)).json()
  const invite = await (await admin.post("/admin/users/invites", {})).json()
  const page = await browse()
  const context = page.context()

  const forms: { form: Locator; page: Page; before: Controls }[] = []
  for (const path of ["/sign-in", reset.url, invite.url]) {
    const shown = await context.newPage()
    await shown.goto(path)
    const form = shown.locator("form")
    // Too short, which the browser would not send.
    await form.locator("[name=password]").evaluate((field) => field.removeAttribute("minlength"))
    await fillAll(form)
    await form.locator("[name=password]").fill("too short")
    forms.push({ form, page: shown, before: await controlsOf(form) })
  }
  const refuseAll = async (reason: RegExp) => {
    for (const { form } of forms) await submitOf(form).click()
    for (const { form, page, before } of forms) {
      const refusal = form.locator("[role=alert]").filter({ hasText: reason }).first()
      await expect(refusal, `${page.url()}: ${reason}`).toBeVisible()
      expect(await controlsOf(form), `${page.url()}: ${reason}`).toEqual(before)
    }
  }
  await refuseAll(/./)
  await context.setOffline(true)
  await refuseAll(/didn’t respond/)
  await context.setOffline(false)
  const showDatabase = await installation.hideDatabase()
  await refuseAll(/database/)
  showDatabase()

  const [signIn, renew] = forms
  await signIn?.page.bringToFront() // Chromium draws no page in the background
  await signIn?.form.locator("[name=email]").fill(member.email)
  await signIn?.form.locator("[name=password]").fill(member.password)
  await expect(async () => {
    if (signIn) await submitOf(signIn.form).click({ timeout: 1_000 })
    await signIn?.page.waitForURL("**/shares", { timeout: 2_000 })
  }).toPass()
  await renew?.page.bringToFront()
  await renew?.form.locator("[name=password]").fill("another harbour in summer")
  if (renew) await submitOf(renew.form).click()
  await renew?.page.waitForURL("**/shares")
})

test("what is typed into a time range before the page's scripts run is kept", async ({
  adminPage: page,
}) => {
  const { promise: gate, resolve: run } = Promise.withResolvers<void>()
  await page.route("**/_next/static/**/*.js", async (route) => {
    await gate
    await route.continue()
  })
  const from = "2026-11-02T10:00:00.000Z"
  await page.goto(`/admin/panic?what=time&from=${from}&to=${from}`, { waitUntil: "commit" })
  const times = page.getByRole("main").locator("form")
  await expect(times.locator("[name=from]")).toHaveValue("2026-11-02T10:00")
  await times.locator("[name=to]").fill("2026-11-03T10:00")
  run()
  await expect(times.locator("[name=from]")).toHaveValue("2026-11-02T15:45")
  await expect(times.locator("[name=to]")).toHaveValue("2026-11-03T10:00")
})

test("filters keep what was typed, and say what they do not take", async ({
  installation,
  adminPage: page,
}) => {
  await page.goto("/admin/panic?what=time")
  const times = page.getByRole("main").locator("form")
  await times.locator("[name=from]").fill("2026-11-02T10:00")
  await times.locator("[name=to]").fill("2026-11-01T10:00")
  const wrong = await controlsOf(times)
  await submitOf(times).click()
  await expect(times.getByRole("alert")).toBeVisible()
  expect(await controlsOf(times)).toEqual(wrong)

  await page.goto("/admin/audit")
  await page.getByText("Filters and export").click()
  const filter = page.locator("form").filter({ has: page.locator("[name=since][type=date]") })
  await fillAll(filter)
  await filter.locator("[name=since]").fill("0026-11-01")
  const impossible = await controlsOf(filter)
  await submitOf(filter).click()
  await expect(filter.locator("[name=since]:invalid")).toBeFocused()
  expect(await controlsOf(filter)).toEqual(impossible)
  await expect(page).toHaveURL(/\/admin\/audit$/)

  await filter.locator("[name=since]").fill("2026-01-01")
  const before = await controlsOf(filter)
  const showDatabase = await installation.hideDatabase()
  await submitOf(filter).click()
  await expect(page.getByRole("heading", { name: /database/ })).toBeVisible()
  showDatabase()
  await expect(async () => {
    await page.reload()
    expect(await controlsOf(filter)).toEqual(before)
  }).toPass()
})
