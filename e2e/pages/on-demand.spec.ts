import type { Page } from "@playwright/test"
import { dropFiles } from "../files/drop-files.ts"
import { newestLink } from "../files/share-a-file.ts"
import { expect, test } from "../fixtures.ts"

// Menus, dialogs and toasts are loaded when they are first used.

/** About 400 kbit/s, with 400 ms to the first byte. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 }

/** Otherwise a press may come before its script is loaded, which never happens offline. */
const LOADED = { waitUntil: "networkidle" } as const

async function slowDown(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send("Network.emulateNetworkConditions", SLOW)
}

test("a list of shares or of files loads at most 190 kB of JavaScript", async ({
  ownerPage: page,
}) => {
  for (const url of ["/shares", "/files"]) {
    await page.goto(url, LOADED)
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ name }) => name.endsWith(".js"))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    )
    expect(bytes, url).toBeGreaterThan(100_000)
    expect(bytes, url).toBeLessThan(190_000)
  }
})

/** So that a dialog opens before its menu is gone, as on a busy machine. */
async function closeMenusSlowly(page: Page) {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync("[role=menu] { transition-duration: 2s !important }")
    document.adoptedStyleSheets = [sheet]
  })
}

test("on a slow connection the first press opens a menu and its dialog with a loading message, and the focus returns", async ({
  owner,
  ownerPage: page,
}) => {
  const { id } = await owner.upload("slow.pdf", Buffer.from("bytes"))
  await owner.shareFiles([id], { title: "Slow line" })
  await page.goto("/shares?q=Slow line")
  await slowDown(page)
  await closeMenusSlowly(page)
  const more = page.getByRole("button", { name: "More actions for Slow line" })

  await more.click()
  await expect(page.getByRole("status").filter({ hasText: "Loading…" })).toBeVisible()
  await page.getByRole("menuitem", { name: "Edit", exact: true }).click()
  const dialog = page.getByRole("dialog", { name: "Slow line" })
  await dialog.getByLabel("Title").fill("Slow lines")
  await expect(page.locator("[role=menu]")).toHaveCount(0)
  await page.keyboard.press("Escape")
  await expect(dialog).toBeHidden()
  await expect(more).toBeFocused()
})

test("by keyboard the first press of a menu focuses its first item, and Escape returns the focus", async ({
  owner,
  ownerPage: page,
}) => {
  const { id } = await owner.upload("keys.pdf", Buffer.from("bytes"))
  await owner.shareFiles([id], { title: "Only keys" })
  await page.goto("/shares?q=Only keys")
  const more = page.getByRole("button", { name: "More actions for Only keys" })

  for (const key of ["Enter", "ArrowDown", " "]) {
    await page.reload()
    await more.focus()
    await page.keyboard.press(key)
    await expect(page.getByRole("menuitem").first()).toBeFocused()
    await page.keyboard.press("Escape")
    await expect(more).toBeFocused()
  }
})

test.describe("without a network", () => {
  test.use({ allowed: [/ERR_INTERNET_DISCONNECTED/] })

  for (const start of ["/shares", "/settings"]) {
    test(`files dropped on ${start} get a card, and once the network is back their link and Undo on it`, async ({
      owner,
      ownerPage: page,
    }) => {
      // A file that hovers over the page would load the code for a drop.
      await page.goto(start, { waitUntil: "networkidle" })
      const name = `offline${start.replace("/", " ")}.txt`
      await page.context().setOffline(true)
      await dropFiles(page, [{ name, text: "bytes" }])
      const card = page.getByRole("region", { name: "Uploads", exact: true })
      if (start === "/shares") await expect(card.getByText("You’re offline.")).toBeVisible()
      else await expect(page.getByRole("link", { name: /^Uploading 1 file/ })).toBeVisible()

      await page.context().setOffline(false)
      const link = await newestLink(page)
      await expect(card.getByRole("button", { name: /^Undo/ })).toBeVisible()
      await expect(card.getByText("No password")).toBeVisible()
      await expect(card.getByText("Uploaded", { exact: true })).toBeVisible()
      await expect(page).toHaveURL(/\/shares$/)
      const { items } = await (await owner.get(`/shares?q=${name}`)).json()
      expect(items).toMatchObject([{ url: link, files: [{ name, sha256Verified: true }] }])
    })
  }

  test("a toast is shown as plain text, a press says which part could not be loaded, and a retry opens it", async ({
    owner,
    ownerPage: page,
  }) => {
    const { id } = await owner.upload("away.pdf", Buffer.from("bytes"))
    await owner.shareFiles([id], { title: "Far away" })
    await page.context().grantPermissions(["clipboard-write"])
    await page.goto("/shares?q=Far away", LOADED)
    const more = page.getByRole("button", { name: "More actions for Far away" })
    const failure = page.getByRole("alert").filter({ hasText: "could not be loaded" })

    await page.context().setOffline(true)
    await page.getByRole("button", { name: "Copy link to Far away" }).click()
    const told = page.getByRole("alert").filter({ hasText: "Link copied" })
    await expect(told).toBeVisible()
    await told.getByRole("button", { name: "Dismiss" }).click()
    await expect(told).toBeHidden()
    await more.click()
    await expect(failure).toBeVisible()
    await failure.getByRole("button", { name: "Not now" }).click()
    await expect(failure).toBeHidden()
    await more.click()
    await expect(failure).toBeVisible()
    await page.context().setOffline(false)
    await failure.getByRole("button", { name: "Try again" }).click()
    await expect(page.getByRole("menu")).toBeVisible()
  })

  test("a press of a dialog's button says which part could not be loaded, and a retry opens it", async ({
    owner,
    ownerPage: page,
  }) => {
    const { id } = await owner.upload("abroad.pdf", Buffer.from("bytes"))
    const share = await owner.shareFiles([id], { title: "Abroad" })
    await page.goto(`/shares/${share.id}`, LOADED)

    await page.context().setOffline(true)
    await page.getByRole("button", { name: "Edit", exact: true }).click()
    const failure = page.getByRole("alert").filter({ hasText: "could not be loaded" })
    await expect(failure).toBeVisible()
    await page.context().setOffline(false)
    await failure.getByRole("button", { name: "Try again" }).click()
    await expect(page.getByRole("dialog", { name: "Abroad" })).toBeVisible()
  })
})
