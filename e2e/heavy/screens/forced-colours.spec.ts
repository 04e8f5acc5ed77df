import type { Page } from "@playwright/test"
import { future } from "#testing/units.ts"
import { aFile, uploadByHand } from "../../files/share-a-file.ts"
import { expect, test } from "../../fixtures.ts"

test("with forced colours every control, state, ring and chart of a member's and an admin's page is seen", async ({
  admin,
  browse,
  stranger,
}) => {
  test.setTimeout(90_000)
  const share = await admin.share("plan.pdf", { title: "Harbour plans", maxDownloads: 3 })
  await (await stranger()).get(share.url)
  const storageState = await admin.context.storageState()
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browse({ forcedColors: "active", colorScheme, storageState })
    for (const url of [
      "/shares",
      "/shares?status=open",
      `/shares/${share.id}`,
      "/files?view=all",
      "/settings",
      "/admin",
      "/admin/shares",
      "/admin/files",
      "/admin/members",
      "/admin/audit?action=share",
      "/admin/settings/branding",
      "/admin/checks",
      "/admin/panic?what=member",
    ]) {
      await page.goto(url)
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible()
      await expectSeen(page, url)
    }

    await page.goto("/shares")
    const notes = `notes-${colorScheme}.pdf` // the other scheme's is in the list
    await uploadByHand(page, [aFile(notes)])
    await expect(page.getByRole("button", { name: "Undo" })).toBeVisible()
    await expect(page.getByRole("button", { name: `More actions for ${notes}` })).toBeVisible()
    await expectSeen(page, "an upload with its link")
    await page.getByRole("button", { name: "More actions for Harbour plans" }).click()
    await page.getByRole("menuitem", { name: "Edit" }).hover()
    await expectSeen(page, "a menu")
    await page.getByRole("menuitem", { name: "Edit" }).click()
    await expect(page.getByRole("dialog").getByRole("switch").first()).toBeVisible()
    await expectSeen(page, "a dialog")
    await page.keyboard.press("Escape")

    await page.goto("/shares")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    const focus = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(
        document.activeElement ?? document.body,
      )
      return { outlineStyle, outlineWidth }
    })
    expect(focus).toEqual({ outlineStyle: "solid", outlineWidth: "2px" })
  }
})

test("with forced colours every control and ring of a visitor's page is seen", async ({
  owner,
  browse,
  installation,
}) => {
  const files = [
    await owner.upload("report.pdf", Buffer.from("report"), "application/pdf"),
    await owner.upload("notes.txt", Buffer.from("notes"), "text/plain", "more"),
  ]
  const open = await owner.shareFiles(files.map(({ id }) => id))
  const locked = await owner.share("locked.pdf", { password: "open sesame" })
  const revoked = await owner.share("ended.pdf")
  await owner.post(`/shares/${revoked.id}/revoke`)
  const expired = await owner.share("late.pdf")
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [expired.id])
  const startsAt = future()
  const scheduled = await owner.share("later.pdf", { startsAt })
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await browse({ forcedColors: "active", colorScheme })
    for (const { url } of [open, locked, revoked, expired, scheduled, { url: "/sign-in" }]) {
      await page.goto(url)
      await page.locator("summary").evaluateAll((all) => {
        for (const summary of all) if (summary instanceof HTMLElement) summary.click()
      })
      await expectSeen(page, url)
    }
    await page.goto(open.url)
    await page.getByRole("button", { name: "Select files" }).click()
    await page.getByRole("checkbox").first().check()
    await expectSeen(page, "files chosen for a ZIP")
    await page.keyboard.press("Escape")
    await page.getByRole("link", { name: /notes.txt/ }).click()
    await expect(page.getByRole("dialog")).toBeVisible()
    await expectSeen(page, "a preview")
  }
})

/** Expects that nothing whose edge or state carries a meaning has the colour of the page. */
async function expectSeen(page: Page, what: string) {
  expect(await page.evaluate(findUnseen), what).toEqual([])
}

function findUnseen(): string[] {
  // A probe for each: where motion is reduced, a change of colour is a short transition.
  const colourOf = (name: string) => {
    const probe = document.body.appendChild(document.createElement("i"))
    probe.style.color = name
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  }
  const [canvas, highlight] = [colourOf("Canvas"), colourOf("Highlight")]

  const isShown = (element: Element) =>
    element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
    element.getBoundingClientRect().width > 1
  const isSeen = (colour: string) =>
    colour !== canvas && !/^rgba\(.*, 0\)$|transparent/.test(colour)
  const all = (selector: string) => Array.from(document.querySelectorAll(selector)).filter(isShown)
  const unless = (seen: (style: CSSStyleDeclaration) => boolean, elements: Element[]) =>
    elements.filter((element) => !seen(getComputedStyle(element)))

  const hasEdge = (style: CSSStyleDeclaration) =>
    (style.borderTopStyle !== "none" &&
      Number.parseFloat(style.borderTopWidth) >= 1 &&
      isSeen(style.borderTopColor)) ||
    (style.outlineStyle !== "none" &&
      Number.parseFloat(style.outlineWidth) >= 1 &&
      isSeen(style.outlineColor))
  const isNative = (style: CSSStyleDeclaration) => style.appearance !== "none"
  const controls = all(
    "button, .button, select, textarea, input, [role=dialog], [role=alertdialog], [role=menu], [role=progressbar]",
  )
  const isChoice = (element: Element) => element.matches("input:is([type=checkbox], [type=radio])")
  return [
    ...unless(
      hasEdge,
      controls.filter((element) => !isChoice(element) && !element.matches("[type=file]")),
    ),
    ...unless((style) => isNative(style) || hasEdge(style), controls.filter(isChoice)),
    ...unless(
      ({ backgroundColor }) => backgroundColor === highlight,
      all("nav a[aria-current=page], nav a[aria-current=true], [aria-pressed=true]"),
    ),
    ...unless(
      ({ backgroundColor }) => backgroundColor !== highlight,
      all("nav a:not([aria-current]), [aria-pressed=false]"),
    ),
    ...unless(({ stroke }) => stroke === highlight, all("circle.stroke-accent")),
    ...unless(({ strokeWidth }) => strokeWidth === "1px", all("circle.stroke-line")),
    ...unless(({ fill }) => fill === highlight, all("rect.fill-accent")),
  ].map((element) => element.outerHTML.slice(0, 160))
}
