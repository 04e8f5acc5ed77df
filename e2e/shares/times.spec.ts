import type { Page } from "@playwright/test"
import { HOUR, inHours } from "#testing/units.ts"
import { expect, test } from "../fixtures.ts"

/**
 * Expiry times on either side of a clock change, and the texts for readers in a zone. The server is
 * in another zone, Asia/Kathmandu.
 */
const ENDS: [at: string, plain: string, shown: Record<string, string>][] = [
  [
    "2035-03-25T00:59:00Z",
    "Sunday 25 March 2035 at 00:59 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 25. März 2035 um 01:59 (Mitteleuropäische Zeit)",
      "America/New_York": "Saturday 24 March 2035 at 20:59 (Eastern Time)",
      "Asia/Kolkata": "Sunday 25 March 2035 at 06:29 (India Standard Time)",
    },
  ],
  [
    "2035-03-25T01:00:00Z",
    "Sunday 25 March 2035 at 01:00 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 25. März 2035 um 03:00 (Mitteleuropäische Zeit)",
      "America/New_York": "Saturday 24 March 2035 at 21:00 (Eastern Time)",
      "Asia/Kolkata": "Sunday 25 March 2035 at 06:30 (India Standard Time)",
    },
  ],
  [
    "2035-10-28T00:30:00Z",
    "Sunday 28 October 2035 at 00:30 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 28. Oktober 2035 um 02:30 (GMT+2)",
      "America/New_York": "Saturday 27 October 2035 at 20:30 (Eastern Time)",
      "Asia/Kolkata": "Sunday 28 October 2035 at 06:00 (India Standard Time)",
    },
  ],
  [
    "2035-10-28T01:30:00Z",
    "Sunday 28 October 2035 at 01:30 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 28. Oktober 2035 um 02:30 (GMT+1)",
      "America/New_York": "Saturday 27 October 2035 at 21:30 (Eastern Time)",
      "Asia/Kolkata": "Sunday 28 October 2035 at 07:00 (India Standard Time)",
    },
  ],
  [
    "2035-11-04T05:30:00Z",
    "Sunday 4 November 2035 at 05:30 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 4. November 2035 um 06:30 (Mitteleuropäische Zeit)",
      "America/New_York": "Sunday 4 November 2035 at 01:30 (GMT-4)",
      "Asia/Kolkata": "Sunday 4 November 2035 at 11:00 (India Standard Time)",
    },
  ],
  [
    "2035-11-04T06:30:00Z",
    "Sunday 4 November 2035 at 06:30 (UTC)",
    {
      "Europe/Berlin": "Sonntag, 4. November 2035 um 07:30 (Mitteleuropäische Zeit)",
      "America/New_York": "Sunday 4 November 2035 at 01:30 (GMT-5)",
      "Asia/Kolkata": "Sunday 4 November 2035 at 12:00 (India Standard Time)",
    },
  ],
]

const until = (page: Page) => page.locator("main time").first()

/** The page's text without the comma after a weekday, which depends on the browser, with plain spaces. */
const textOf = (page: Page) => async () =>
  (await until(page).textContent())?.replace(/^(\w+day),/, "$1").replaceAll("\u00a0", " ")

test("a link's expiry is the same instant for readers of every zone, on either side of a clock change, and without JavaScript it is in UTC", async ({
  owner,
  browse,
  plainVisitor,
}) => {
  const share = await owner.share("survey.pdf", { title: "Harbour survey" })
  const readers = new Map<string, Page>()
  for (const timezoneId of ["Europe/Berlin", "America/New_York", "Asia/Kolkata"]) {
    const locale = timezoneId === "Europe/Berlin" ? "de-DE" : "en-GB"
    readers.set(timezoneId, await browse({ timezoneId, locale }))
  }
  for (const [expiresAt, plain, shown] of ENDS) {
    expect((await owner.patch(`/shares/${share.id}`, { expiresAt })).status()).toBe(200)
    for (const [zone, page] of readers) {
      await page.goto(share.url)
      await expect.poll(textOf(page)).toBe(shown[zone])
      await expect(until(page)).toHaveAttribute("datetime", new Date(expiresAt).toISOString())
    }
    await plainVisitor.goto(share.url)
    await expect.poll(textOf(plainVisitor)).toBe(plain)
  }
})

test("a closed link says when it ended in the reader's zone, also within the hour that repeats", async ({
  owner,
  browse,
  plainVisitor,
  installation,
}) => {
  const share = await owner.share("late.pdf", { title: "Harbour survey" })
  const page = await browse({ timezoneId: "Europe/Berlin" })
  for (const [at, shown] of [
    ["2025-10-26T00:30:00Z", "Sunday 26 October 2025 at 02:30 (GMT+2)"],
    ["2025-10-26T01:30:00Z", "Sunday 26 October 2025 at 02:30 (GMT+1)"],
    ["2025-03-30T01:00:00Z", "Sunday 30 March 2025 at 03:00 (Central European Time)"],
  ] as const) {
    await installation.query(
      "UPDATE share SET created_at = $2::timestamptz - interval '1 day', expires_at = $2 WHERE id = $1",
      [share.id, at],
    )
    await page.goto(share.url)
    await expect.poll(textOf(page)).toBe(shown)
  }
  await plainVisitor.goto(share.url)
  await expect.poll(textOf(plainVisitor)).toBe("Sunday 30 March 2025 at 01:00 (UTC)")
})

test("a member's page has its times in the reader's zone from the first byte, once a page has sent the zone", async ({
  owner,
  ownerPage,
}) => {
  const share = await owner.share("survey.pdf", { expiresAt: inHours(100) })
  await ownerPage.goto("/shares")
  await expect
    .poll(async () => (await ownerPage.context().cookies()).map(({ name }) => name))
    .toContain("lapse_zone")
  const html = await (await ownerPage.request.get(`/shares/${share.id}`)).text()
  expect(html).toContain("(Nepal Time)")
  expect(html).not.toMatch(/<time[^>]*>[^<]*\(UTC\)/)
})

test("the time left ticks by the server's clock, whatever the reader's zone and clock say", async ({
  owner,
  browse,
}) => {
  const expiresAt = inHours(1.5)
  const share = await owner.share("soon.pdf", { expiresAt })
  const page = await browse({ timezoneId: "America/St_Johns" })
  // This browser's clock is five hours ahead, as if it ignored summer time.
  await page.clock.install({ time: Date.now() + 5 * HOUR })
  await page.goto(share.url)
  const timer = page.getByRole("timer")
  await expect(timer).toHaveText(/^Expires in 1\shour (29|30)\sminutes$/)
  await expect(until(page)).toHaveText(/Newfoundland Time\)$/)
  await page.clock.runFor(HOUR)
  await expect(timer).toHaveText(/^Expires in (29|30)\sminutes( \d+\sseconds?)?$/)
  const shown = await timer.textContent()
  await page.clock.runFor(2_000)
  await expect(timer).not.toHaveText(shown ?? "")
})
