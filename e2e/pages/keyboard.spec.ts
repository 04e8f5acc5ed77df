import type { Page } from "@playwright/test"
import { DAY } from "#testing/units.ts"
import { aFile, newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"
import { holdUploads } from "../network/held-uploads.ts"
import { keepUrl } from "../network/kept-url.ts"

test("a member creates, edits and revokes a share by keyboard only", async ({
  owner,
  ownerPage: page,
}) => {
  await page.goto("/shares")
  const chosen = page.waitForEvent("filechooser")
  await tabTo(page, "Choose files")
  await page.keyboard.press("Enter")
  const file = aFile("by-keyboard.pdf")
  if (typeof file !== "string") await (await chosen).setFiles(file)
  await expect(page.getByText("Uploaded", { exact: true })).toBeVisible()

  await newestLink(page)
  await tabTo(page, "Title")
  await page.keyboard.type("Made by keyboard")
  await tabTo(page, "Settings")
  await page.keyboard.press("Enter")
  const ring = page.getByRole("slider", { name: "Time left" })
  await tabTo(page, "Time left")
  await expect(ring).toHaveAttribute("aria-valuenow", "168")
  for (const [key, bound] of [
    ["Home", "aria-valuemin"],
    ["End", "aria-valuemax"],
  ] as const) {
    await page.keyboard.press(key)
    await expect(ring).toHaveAttribute("aria-valuenow", (await ring.getAttribute(bound)) ?? "")
  }
  await page.keyboard.press("ArrowRight")
  await expect(ring).toHaveAttribute("aria-valuenow", "168")
  await page.keyboard.press("ArrowLeft")
  await page.keyboard.press("ArrowLeft")
  await expect(ring).toHaveAttribute("aria-valuenow", "120")
  await expect(ring).toHaveAttribute("aria-valuetext", /^Until [A-Z][a-z]+day \d\d:\d\d$/)
  await tabTo(page, "Set…")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("textbox", { name: "Password" })).toBeFocused()
  await page.keyboard.type("open sesame")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("button", { name: "Change…" })).toBeFocused()

  // Tab would pass the row while the list still has the name from before.
  await expect(
    page.getByRole("button", { name: "More actions for Made by keyboard" }),
  ).toBeVisible()
  await tabTo(page, "More actions for Made by keyboard")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("menuitem", { name: "Revoke…" })).toBeVisible()
  await page.keyboard.press("End")
  await page.keyboard.press("Enter")
  const asked = page.getByRole("alertdialog")
  await expect(asked).toBeVisible()
  await tabTo(page, "Revoke")
  await page.keyboard.press("Enter")
  await expect(asked).toBeHidden()
  const { items } = await (await owner.get("/shares?q=keyboard")).json()
  expect(items[0]).toMatchObject({
    title: "Made by keyboard",
    status: "revoked",
    hasPassword: true,
  })
  const days = (Date.parse(items[0].expiresAt) - Date.parse(items[0].createdAt)) / DAY
  expect(Math.round(days)).toBe(5)
})

test("an admin revokes a member's shares and cuts them off by keyboard only", async ({
  join,
  adminPage: page,
}) => {
  const member = await join("Kim Keys")
  const share = await member.share("keys.pdf")
  const { id } = await (await member.get("/me")).json()
  await page.goto(`/admin/panic?what=member&ownerId=${id}`)
  await tabTo(page, "Revoke and block active links")
  await page.keyboard.press("ArrowDown")
  await expect(page.getByRole("radio", { name: "Revoke only" })).toBeChecked()
  await page.keyboard.press("ArrowUp")
  await tabTo(page, "Reason")
  await page.keyboard.type("Keys were lost")
  await tabTo(page, "Enter 1 to confirm")
  await page.keyboard.type("1")
  await page.keyboard.press("Enter")
  await expect(page.getByText("There were no active download links to block.")).toBeVisible()
  expect(await member.readShare(share.id)).toMatchObject({ status: "revoked" })
})

test("an owner cuts off and restores by keyboard only", async ({
  owner,
  ownerPage: page,
  stranger,
}) => {
  const share = await owner.share("keys.pdf", { title: "Cut by keyboard" })
  await keepUrl(await stranger(), share)
  await owner.post(`/shares/${share.id}/revoke`)
  await page.goto(`/shares/${share.id}`)
  await tabTo(page, "Block now")
  await page.keyboard.press("Enter")
  await expect(
    page.getByRole("main").getByRole("status").filter({ hasText: "stopped working in" }),
  ).toBeFocused()
  const restoring = page.getByText("Restoring makes the same link work again")
  await expect(restoring).toHaveCount(1)
  await tabTo(page, "Restore")
  await expect(page.locator(":focus")).toHaveAccessibleDescription(/^Restoring makes the same link/)
  await page.keyboard.press("Enter")
  await expect(page.getByText("Restored. The link works again.")).toBeVisible()
  await expect(restoring).toHaveCount(0)
})

test("a visitor downloads by keyboard only", async ({ owner, visitor }) => {
  const share = await owner.share("survey.pdf")
  await visitor.goto(share.url)
  await tabTo(visitor, /^Download/)
  const begun = visitor.waitForEvent("download")
  await visitor.keyboard.press("Enter")
  expect(await (await begun).failure()).toBeNull()
})

test("a member pauses, resumes and cancels an upload by keyboard only", async ({
  installation,
  ownerPage: page,
}) => {
  await page.goto("/shares")
  await holdUploads(page, installation)
  const chosen = page.waitForEvent("filechooser")
  await tabTo(page, "Choose files")
  await page.keyboard.press("Enter")
  const file = aFile("slow.mov")
  if (typeof file !== "string") await (await chosen).setFiles(file)
  await expect(page.getByRole("button", { name: "Pause slow.mov" })).toBeVisible()
  // The rows move below the link when it is there.
  await expect(page.getByLabel("Link", { exact: true })).toBeVisible()

  await tabTo(page, "Pause slow.mov")
  await page.keyboard.press("Enter")
  await expect(page.getByText("Paused")).toBeVisible()
  await tabTo(page, "Resume slow.mov")
  await page.keyboard.press("Enter")
  await expect(page.getByRole("button", { name: "Pause slow.mov" })).toBeVisible()
  await tabTo(page, "Cancel slow.mov")
  await page.keyboard.press("Enter")
  // The row disappears; the link was created before and stays.
  await expect(page.getByRole("button", { name: "Cancel slow.mov" })).toHaveCount(0)
  await expect(page.getByText("Uploaded", { exact: true })).toHaveCount(0)
})

test("a visitor opens a folder by keyboard only", async ({ owner, visitor }) => {
  const files = Array.from({ length: 31 }, (_, at) => ({
    name: `${at}.txt`,
    path: `trip/${at % 2}`,
  }))
  const ids: string[] = []
  for (const file of files) {
    const begun = await owner.post("/files", { ...file, size: 1 })
    const { id } = (await begun.json()).file
    ids.push(id)
  }
  const share = await owner.shareFiles(ids)
  await visitor.goto(share.url)
  await expect(visitor.getByText("30.txt")).toBeHidden()
  const folder = visitor.locator("summary").filter({ hasText: "16 files" })
  for (let presses = 0; presses < 20; presses++) {
    await visitor.keyboard.press("Tab")
    if (await folder.and(visitor.locator(":focus")).count()) break
  }
  await visitor.keyboard.press("Enter")
  await expect(visitor.getByText("30.txt")).toBeVisible()
})

/**
 * Presses Tab until the control with this name has the focus, and checks that the focus is visible.
 */
async function tabTo(page: Page, name: string | RegExp) {
  const wanted = page.getByRole("button", { name, exact: true }).or(page.getByLabel(name))
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab")
    if (await wanted.and(page.locator(":focus")).count()) {
      const outline = await page.locator(":focus").evaluate((element) => {
        const { outlineStyle, outlineWidth } = getComputedStyle(element)
        return outlineStyle !== "none" && outlineWidth !== "0px"
      })
      expect(outline, `focus on ${name} is visible`).toBe(true)
      return
    }
  }
  throw new Error(`Tab never reaches ${name}`)
}
