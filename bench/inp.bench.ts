import { setTimeout as sleep } from "node:timers/promises"
import type { Locator, Page } from "@playwright/test"
import { signInClient } from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { report } from "./measures.ts"
import { seedLargeShare } from "./seeds/large-pages.ts"

// Measures the time from a click on Edit to the next paint (Interaction to Next Paint), in Chromium
// with a processor slowed down by four: on the pages of shares of 1, 500 and 10,000 files, and from
// the menu of a list of 50. Each round is a page that was just loaded, as the first click is the
// slowest; the mouse rests on the button before, so the click shows the whole dialog.
// npm run bench -- inp [rounds]
const ROUNDS = Number(process.argv[2] ?? 9)
const GOAL_MS = 200
const SLOWER_PROCESSOR = 4
const REST_MS = 500
const FILES = [1, 500, 10_000]
const SHARES = 50
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type Place = { measure: string; path: string; find: (page: Page) => Promise<Locator> }

const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
const browser = await launchBrowser()
const measured = new Map<string, number[]>()
try {
  const member = await signInClient(app.url, ADMIN)
  const places: Place[] = []
  for (const files of FILES) {
    const { id } = await seedLargeShare(app, member, files)
    const measure = `Edit on the page of a share of ${files.toLocaleString("en")} files`
    places.push({ measure, path: `/shares/${id}`, find: buttonOnPage })
  }
  for (let n = FILES.length; n < SHARES; n++) await seedLargeShare(app, member, 1)
  places.push({ measure: "Edit in the menu of a list", path: "/shares", find: itemInMenu })
  const context = await browser.newContext({
    baseURL: app.url,
    storageState: await member.context.storageState(),
  })
  await member.context.dispose()
  const page = await context.newPage()
  await page.addInitScript(watchClicks)
  const session = await context.newCDPSession(page)

  for (let round = 0; round < ROUNDS; round++) {
    for (const { measure, path, find } of places) {
      await page.goto(path, { waitUntil: "networkidle" })
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR })
      const figures = measured.get(measure) ?? []
      measured.set(measure, [...figures, await editOf(page, await find(page))])
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 })
    }
  }
} finally {
  await browser.close()
  await app.stop()
}

const goal = { most: GOAL_MS }
report([...measured].map(([measure, figures]) => ({ measure, unit: "ms", figures, goal })))

async function buttonOnPage(page: Page) {
  return page.getByRole("button", { name: "Edit" })
}

async function itemInMenu(page: Page) {
  await page
    .getByRole("button", { name: /^More actions for/ })
    .first()
    .click()
  return page.getByRole("menuitem", { name: "Edit" })
}

/** Milliseconds from the click on Edit to the next paint. */
async function editOf(page: Page, edit: Locator) {
  await edit.hover()
  await sleep(REST_MS)
  await page.evaluate(() => delete document.documentElement.dataset.interaction)
  await edit.click()
  await page.getByRole("dialog").getByLabel("Title").waitFor()
  // Chromium reports a click after its paint.
  await page.waitForFunction(() => document.documentElement.dataset.interaction)
  return Number(await page.locator("html").getAttribute("data-interaction"))
}

/** Runs in the page: keeps the time of the last click in an attribute of the document. */
function watchClicks() {
  new PerformanceObserver((list) => {
    for (const { name, duration } of list.getEntries())
      if (name === "click") document.documentElement.dataset.interaction = String(duration)
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit)
}
