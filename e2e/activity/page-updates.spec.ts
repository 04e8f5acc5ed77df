import type { Page } from "@playwright/test"
import { inHours } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"
import { click, open } from "../network/send-click.ts"

// Requests of the open page get these answers when the link has changed.
test.use({ allowed: [/status of 40[14] .*\/state\)$|ERR_INTERNET_DISCONNECTED/] })

const heading = (page: Page, name: string) => page.getByRole("heading", { name })

/** Opens a link and stops the clock just before the page polls its state. */
async function openWithClock(page: Page, url: string) {
  await page.clock.install()
  await page.goto(url)
}

test("an open page reloads itself when its link gets a password, or is replaced", async ({
  owner,
  visitor,
  browse,
}) => {
  const share = await owner.share("a.pdf", { title: "Opens first" })
  await openWithClock(visitor, share.url)
  await expect(heading(visitor, "Opens first")).toBeVisible()
  await owner.patch(`/shares/${share.id}`, { password: "open sesame" })
  await visitor.clock.runFor(31_000)
  await expect(visitor.getByLabel("Password")).toBeVisible()

  // And back, with a password or without one.
  await visitor.getByLabel("Password").fill("open sesame")
  await visitor.getByRole("button", { name: "Open" }).click()
  await expect(heading(visitor, "Opens first")).toBeVisible()
  await owner.patch(`/shares/${share.id}`, { password: "another word" })
  await visitor.clock.runFor(31_000)
  await expect(visitor.getByLabel("Password")).toBeVisible()
  await owner.patch(`/shares/${share.id}`, { password: null })
  await visitor.clock.runFor(15_000)
  await expect(heading(visitor, "Opens first")).toBeVisible()

  const other = await browse()
  await openWithClock(other, share.url)
  await owner.post(`/shares/${share.id}/new-link`)
  await other.clock.runFor(31_000)
  await expect(heading(other, "Link not found")).toBeVisible()
  // A reload by the page itself does not count as a view.
  expect((await owner.readShare(share.id)).views).toBe(2)
})

test("an open page reloads when others have used up its link, and again when it gets more downloads", async ({
  owner,
  visitor,
  stranger,
}) => {
  const share = await owner.share("b.pdf", { title: "Used by others", maxDownloads: 1 })
  await openWithClock(visitor, share.url)
  await expect(visitor.getByText("1 download left.")).toBeVisible()
  const someone = await stranger()
  await open(someone, share)
  await click(someone, share)
  await visitor.clock.runFor(31_000)
  await expect(heading(visitor, "No downloads left")).toBeVisible()

  await owner.patch(`/shares/${share.id}`, { maxDownloads: 9 })
  await visitor.clock.runFor(15_000)
  await expect(visitor.getByText("8 downloads left.")).toBeVisible()
  await owner.patch(`/shares/${share.id}`, { maxDownloads: null })
  await visitor.clock.runFor(31_000)
  await expect(visitor.getByText("downloads left")).toHaveCount(0)
})

test("an open page updates a moved expiry, and reloads when it is reached", async ({
  owner,
  visitor,
}) => {
  const share = await owner.share("c.pdf", { title: "Moved end", expiresAt: inHours(1) })
  await openWithClock(visitor, share.url)
  await expect(visitor.getByRole("timer")).toHaveText(/Expires in (59\sminutes|1\shour)/)
  await owner.patch(`/shares/${share.id}`, { expiresAt: inHours(50) })
  await visitor.clock.runFor(31_000)
  await expect(visitor.getByRole("timer")).toHaveText(/Expires in 2\sdays/)

  await owner.patch(`/shares/${share.id}`, { expiresAt: null })
  await visitor.clock.runFor(31_000)
  await expect(visitor.getByText("No expiry date")).toBeVisible()
  await owner.patch(`/shares/${share.id}`, { expiresAt: inHours(-1) })
  await visitor.clock.runFor(31_000)
  await expect(heading(visitor, "This link has expired")).toBeVisible()
  expect((await owner.readShare(share.id)).views).toBe(1)
})

test("a page reloads at the expiry of its link, and a scheduled one at its start", async ({
  installation,
  owner,
  visitor,
  browse,
}) => {
  const share = await owner.share("d.pdf", { title: "Ends soon" })
  await installation.query(
    "UPDATE share SET expires_at = clock_timestamp() + interval '6 seconds' WHERE id = $1",
    [share.id],
  )
  const later = await owner.share("e.pdf", { title: "Starts soon" })
  await installation.query(
    "UPDATE share SET starts_at = clock_timestamp() + interval '6 seconds' WHERE id = $1",
    [later.id],
  )
  const waiting = await browse()
  await Promise.all([visitor.goto(share.url), waiting.goto(later.url)])
  await expect(waiting.getByRole("timer")).toBeVisible()
  await expect(waiting.getByText("1 file, ")).toBeVisible()
  const entry = waiting.getByRole("link", { name: "Add to calendar" })
  await expect(entry).toHaveAttribute("href", /BEGIN%3AVEVENT.*SUMMARY%3AStarts%20soon/)

  await expect(heading(visitor, "This link has expired")).toBeVisible({ timeout: 20_000 })
  await expect(waiting.getByRole("button", { name: /^Download/ })).toBeVisible({ timeout: 20_000 })
  await expect(waiting).toHaveURL(later.url)
  expect((await owner.readShare(later.id)).views).toBe(1)
})

test("a page that returns from the cache, from sleep or from a lost network polls at once", async ({
  owner,
  browse,
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
})

test("a hidden tab does not poll, and reloads as soon as it is shown", async ({
  owner,
  visitor,
}) => {
  const share = await owner.share("g.pdf", { title: "In a hidden tab" })
  await owner.post(`/shares/${share.id}/revoke`, {})
  await openWithClock(visitor, share.url)
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
  await owner.post(`/shares/${share.id}/restore`)
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
