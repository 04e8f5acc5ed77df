import type { Locator, Page } from "@playwright/test"
import { expect } from "../fixtures.ts"
import type { MemberClient } from "../member-client.ts"

/** A form of members' or admins' pages, or a dialog with controls. */
export type TypedForm = {
  name: string
  path: string
  /** A control of the form; null: a dialog, which the buttons open one after another. */
  control: string | null
  /** Whether the page's save bar saves it. */
  hasSaveBar?: boolean
  buttons?: (string | RegExp)[]
  /** Fills in values that must differ from the usual ones. */
  fill?: (form: Locator) => Promise<unknown>
  /** Whether the API accepts it as it is filled in. */
  isAccepted?: boolean
  /** A change elsewhere, after which the API refuses it. */
  meanwhile?: () => Promise<unknown>
}

type People = {
  /** An admin whose browser shows the forms. */
  me: MemberClient
  /** Another admin. */
  admin: MemberClient
  join: (name: string) => Promise<MemberClient>
}

/** All forms of members and admins that change something. */
export async function typedForms({ me, admin, join }: People): Promise<TypedForm[]> {
  const share = await me.share("typed.pdf", { title: "Typed", expiresAt: null })
  await me.upload("added.pdf", Buffer.from("added"))
  const [leaver, heir] = [await join("Lena Leaver"), await join("Aaron Heir")]
  await leaver.share("left.pdf")
  const idOf = async (member: MemberClient) => (await (await member.get("/me")).json()).id
  const [leaverId, heirId] = [await idOf(leaver), await idOf(heir)]
  const settings = { maxShareDays: 30, inviters: "members" }
  expect((await admin.patch("/admin/settings", settings)).status()).toBe(200)

  const account = "/settings"
  const member = `/admin/members/${leaverId}`
  const giveTo = (form: Locator) => form.locator("select").selectOption(heirId)
  const disableHeir = () => admin.patch(`/admin/users/${heirId}`, { disabled: true })
  return [
    { name: "own name", path: account, control: null, buttons: ["Change name"], isAccepted: true },
    {
      name: "defaults of links",
      path: account,
      control: "[name=maxDownloads]",
      hasSaveBar: true,
      fill: (form) => fillBeyond(form.locator("[name=maxDownloads]")),
    },
    { name: "password", path: account, control: null, buttons: ["Change password"] },
    { name: "invite someone", path: account, control: "[type=email]" },
    {
      name: "rename",
      path: "/files",
      control: null,
      buttons: ["More actions for typed.pdf", /^Rename/],
      fill: (form) => form.locator("[name=name]").fill("kept/as typed"),
    },
    {
      name: "move",
      path: "/files",
      control: null,
      buttons: ["More actions for typed.pdf", /^Move/],
      fill: (form) => form.locator("[name=to]").fill("kept/../typed"),
    },
    {
      name: "add files",
      path: `/shares/${share.id}`,
      control: null,
      buttons: [/^Add files/],
      fill: async (form) => {
        await form.locator("[type=search]").fill("added")
        await expect(form.getByRole("checkbox")).toHaveCount(1)
        await form.getByRole("checkbox", { name: /added/ }).check()
      },
      isAccepted: true,
    },
    {
      name: "settings of sharing",
      path: "/admin/settings/sharing",
      control: "[name=maxShareDays]",
      hasSaveBar: true,
      fill: (form) => form.locator("[name=previews]").uncheck(),
    },
    ...Object.entries({
      files: "[name=maxFileBytes]",
      people: "[name=eventDays]",
      branding: "[name=imprintUrl]",
    }).map(([page, control]) => ({
      ...{ name: `settings of ${page}`, path: `/admin/settings/${page}`, control },
      hasSaveBar: true,
    })),
    {
      name: "settings of sign-in",
      path: "/admin/settings/sign-in",
      control: "[name=secondFactorRequired]",
      hasSaveBar: true,
      isAccepted: true,
    },
    {
      name: "emergency revoke",
      path: `/admin/panic?what=member&ownerId=${leaverId}`,
      control: "[name=reason]",
      fill: (form) => form.locator("[name=typed]").fill("1"),
      meanwhile: () => leaver.share("late.pdf"),
    },
    { name: "quota", path: member, control: "[name=quotaGb]" },
    { name: "invite", path: "/admin/members", control: null, buttons: ["Invite members"] },
    {
      name: "disable",
      path: member,
      control: null,
      buttons: [/^Actions for/, /^Disable/],
      fill: giveTo,
      meanwhile: disableHeir,
    },
    {
      name: "hand over",
      path: member,
      control: null,
      buttons: [/^Transfer/],
      fill: giveTo,
      meanwhile: disableHeir,
    },
    {
      name: "delete",
      path: member,
      control: null,
      buttons: [/^Delete/],
      fill: async (form) => {
        await form.getByRole("radio").first().check()
        await giveTo(form)
      },
      meanwhile: disableHeir,
    },
    {
      name: "revoke",
      path: `/admin/shares/${share.id}`,
      control: null,
      buttons: [/^Revoke/],
      isAccepted: true,
    },
  ]
}

/** Opens the form on the page. */
export async function openForm(page: Page, { path, control, buttons = [] }: TypedForm) {
  if (control !== null) {
    if (!page.url().endsWith(path)) await page.goto(path)
    return page.locator("main form").filter({ has: page.locator(control) })
  }
  await page.goto(path)
  for (const name of buttons) {
    const exact = typeof name === "string"
    const button = page.getByRole("button", { name, exact })
    await button.or(page.getByRole("menuitem", { name, exact })).first().click()
  }
  // Not by its role: a dialog under another one has none.
  const dialog = page.locator("[role=dialog], [role=alertdialog]").first()
  await expect(dialog).toBeVisible()
  return dialog
}

/** Types a number that the API refuses, and the browser too where nothing is changed. */
async function fillBeyond(control: Locator) {
  await control.evaluate((element) => element.removeAttribute("max"))
  await control.fill("2000000")
}
