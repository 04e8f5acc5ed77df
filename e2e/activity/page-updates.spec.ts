import type { Page } from "@playwright/test"
import { HOUR, inHours } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"
import { click, open } from "../network/send-click.ts"

// Requests of the open page get these answers when the link has changed.
test.use({ allowed: [/status of 40[14] .*\/state\)$|ERR_INTERNET_DISCONNECTED|ERR_FAILED/] })

const heading = (page: Page, name: string) => page.getByRole("heading", { name })

/** Opens a link and stops the clock just before the page polls its state. */
async function openWithClock(page: Page, url: string) {
  await page.clock.install()
  await page.goto(url)
}

test("an open page follows its link: a password, more downloads, another end, a new link", async ({
  owner,
  visitor,
  browse,
  stranger,
}) => {
  const share = await owner.share("a.pdf", { title: "Opens first" })
  await openWithClock(visitor, share.url)
  await expect(heading(visitor, "Opens first")).toBeVisible()
  const change = async (conditions: object) => {
    await owner.patch(`/shares/${share.id}`, conditions)
    await visitor.clock.runFor(31_000)
  }
  await test.step("a password, and another one", async () => {
    await change({ password: "open sesame" })
    await visitor.getByLabel("Password").fill("open sesame")
    await visitor.getByRole("button", { name: "Open" }).click()
    await expect(heading(visitor, "Opens first")).toBeVisible()
    await change({ password: "another word" })
    await expect(visitor.getByLabel("Password")).toBeVisible()
    await change({ password: null })
    await expect(heading(visitor, "Opens first")).toBeVisible()
    // A reload by the page itself is no view.
    expect((await owner.readShare(share.id)).views).toBe(1)
  })
  await test.step("its downloads are used up by others, and there are more", async () => {
    await change({ maxDownloads: 1 })
    await expect(visitor.getByText("1 download left.")).toBeVisible()
    const someone = await stranger()
    await open(someone, share)
    await click(someone, share)
    await visitor.clock.runFor(31_000)
    await expect(heading(visitor, "No downloads left")).toBeVisible()
    await change({ maxDownloads: 9 })
    await expect(visitor.getByText("8 downloads left.")).toBeVisible()
    await change({ maxDownloads: null })
    await expect(visitor.getByText("downloads left")).toHaveCount(0)
  })
  await test.step("a new link", async () => {
    const other = await browse()
    await openWithClock(other, share.url)
    await expect(heading(other, "Opens first")).toBeVisible()
    const renewed = await (await owner.post(`/shares/${share.id}/new-link`)).json()
    await other.clock.runFor(31_000)
    await expect(heading(other, "Link not found")).toBeVisible()
    await visitor.goto(renewed.url)
  })
  await test.step("another end, and the end", async () => {
    await change({ expiresAt: inHours(50) })
    await expect(visitor.getByRole("timer")).toHaveText(/Expires in 2\sdays/)
    await change({ expiresAt: null })
    await expect(visitor.getByText("No expiry date")).toBeVisible()
    await change({ expiresAt: inHours(-1) })
    await expect(heading(visitor, "This link has expired")).toBeVisible()
  })
})

test("a page reloads at the end of its link, and a scheduled one at its start; without a network it shows the end by itself", async ({
  installation,
  owner,
  browse,
}) => {
  const ending = await owner.share("d.pdf", { title: "Ends soon", expiresAt: inHours(1) })
  const later = await owner.share("e.pdf", { title: "Starts soon", startsAt: inHours(1) })
  const [visitor, waiting, offline] = [await browse(), await browse(), await browse()]
  for (const [page, { url }] of [
    [visitor, ending],
    [waiting, later],
    [offline, ending],
  ] as const) {
    await openWithClock(page, url)
    await expect(page.getByRole("timer")).toBeVisible()
    // Keeps a poll from being first.
    await page.route("**/state", (route) => route.abort())
  }
  await expect(waiting.getByText("1 file, ")).toBeVisible()
  const entry = waiting.getByRole("link", { name: "Add to calendar" })
  await expect(entry).toHaveAttribute("href", /BEGIN%3AVEVENT.*SUMMARY%3AStarts%20soon/)
  await offline.context().setOffline(true)
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [ending.id])
  await installation.query("UPDATE share SET starts_at = now() WHERE id = $1", [later.id])
  for (const page of [visitor, waiting, offline]) {
    await page.clock.fastForward(HOUR - 5_000)
    await page.unroute("**/state")
    await page.clock.runFor(6_000)
  }
  await expect(heading(visitor, "This link has expired")).toBeVisible()
  await expect(waiting.getByRole("button", { name: /^Download/ })).toBeVisible()
  await expect(waiting).toHaveURL(later.url)
  await expect(offline.getByRole("timer")).toHaveText("This link has expired")
  await expect(offline.getByText("It expired on")).toBeVisible()
  await expect(offline.getByRole("button", { name: /Download/ })).toHaveCount(0)
  expect((await owner.readShare(later.id)).views).toBe(1)
})

test("a page that returns from the cache, from sleep or from a lost network polls at once; a hidden tab does not, and reloads as soon as it is shown", async ({
  owner,
  browse,
  visitor,
}) => {
  const share = await owner.share("f.pdf", { title: "Comes back" })
  const back: Record<string, (page: Page) => Promise<unknown>> = {
    "the cache": (page) =>
      page.evaluate(() =>
        window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })),
      ),
    sleep: (page) => page.clock.fastForward(120_000), // due timers fire once, late
    "a lost network": async (page) => {
      await page.context().setOffline(true)
      await page.context().setOffline(false)
    },
  }
  const pages = await Promise.all(
    Object.entries(back).map(async ([name, come]) => {
      const page = await browse()
      await openWithClock(page, share.url)
      await expect(heading(page, "Comes back")).toBeVisible()
      return { name, page, come }
    }),
  )
  await owner.post(`/shares/${share.id}/revoke`, {})
  for (const { name, page, come } of pages) {
    await come(page)
    await expect(heading(page, "This link was revoked"), name).toBeVisible()
  }

  const hiddenShare = await owner.share("g.pdf", { title: "In a hidden tab" })
  await owner.post(`/shares/${hiddenShare.id}/revoke`, {})
  await openWithClock(visitor, hiddenShare.url)
  await expect(heading(visitor, "This link was revoked")).toBeVisible()
  const show = (hidden: boolean) =>
    visitor.evaluate((isHidden) => {
      Object.defineProperty(document, "hidden", { configurable: true, value: isHidden })
      document.dispatchEvent(new Event("visibilitychange"))
    }, hidden)
  await show(true)
  let asked = 0
  visitor.on("request", (request) => {
    if (request.url().endsWith("/state")) asked += 1
  })
  await owner.post(`/shares/${hiddenShare.id}/restore`)
  await visitor.clock.runFor(300_000)
  expect(asked).toBe(0)

  await show(false)
  await visitor.clock.runFor(1_000)
  await expect(heading(visitor, "In a hidden tab")).toBeVisible()
})

test("an unsent note is not lost when the reason why the link is closed changes", async ({
  installation,
  owner,
  visitor,
}) => {
  const share = await owner.share("h.pdf", { title: "Still writing" })
  await installation.query("UPDATE share SET expires_at = now() WHERE id = $1", [share.id])
  await openWithClock(visitor, share.url)
  await visitor.getByRole("textbox", { name: /^Message to/ }).fill("Half a sent")
  await owner.post(`/shares/${share.id}/revoke`, {})
  await visitor.clock.runFor(14_000)
  await expect(visitor.getByRole("textbox", { name: /^Message to/ })).toHaveValue("Half a sent")
  await expect(heading(visitor, "This link has expired")).toBeVisible()

  await visitor.getByRole("textbox", { name: /^Message to/ }).fill("")
  await visitor.clock.runFor(14_000)
  await expect(heading(visitor, "This link was revoked")).toBeVisible()
})
