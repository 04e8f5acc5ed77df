import type { Locator, Page } from "@playwright/test"
import { signInClient } from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser.ts"
import { report } from "./measures.ts"
import { seedShares } from "./seed-shares.ts"

// Measures the time from a click on Edit to the next paint (Interaction to Next Paint), in Chromium
// with a processor slowed down by four: on the page of a share, and from the menu of a list of 50.
// Each round is a page that was just loaded, as the first click is the slowest.
// npm run bench -- inp [rounds]
const ROUNDS = Number(process.argv[2] ?? 9)
const GOAL_MS = 200
const SLOWER_PROCESSOR = 4
const SHARES = 50
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const onPage: number[] = []
const inMenu: number[] = []

const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
const browser = await launchBrowser()
try {
  const member = await signInClient(app.url, ADMIN)
  const { "1 file": shares } = await seedShares(member, SHARES / 5)
  const context = await browser.newContext({
    baseURL: app.url,
    storageState: await member.context.storageState(),
  })
  await member.context.dispose()
  const page = await context.newPage()
  await page.addInitScript(watchInteractions)
  const session = await context.newCDPSession(page)

  for (let round = 0; round < ROUNDS; round++) {
    for (const [path, find, figures] of [
      [`/shares/${shares[0]?.id}`, buttonOnPage, onPage],
      ["/shares", itemInMenu, inMenu],
    ] as const) {
      await page.goto(path, { waitUntil: "networkidle" })
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR })
      figures.push(await editOf(page, await find(page)))
      await session.send("Emulation.setCPUThrottlingRate", { rate: 1 })
    }
  }
} finally {
  await browser.close()
  await app.stop()
}

const goal = { most: GOAL_MS }
report([
  { measure: "Edit on the page of a share", unit: "ms", figures: onPage, goal },
  { measure: "Edit in the menu of a share", unit: "ms", figures: inMenu, goal },
])

async function buttonOnPage(page: Page) {
  return page.getByRole("button", { name: "Edit" })
}

async function itemInMenu(page: Page) {
  const more = page.getByRole("button", { name: /^More actions for/ })
  await more.first().click()
  await page.getByRole("menuitem", { name: "Edit" }).waitFor()
  return page.getByRole("menuitem", { name: "Edit" })
}

/** Milliseconds from the click on Edit to the next paint. */
async function editOf(page: Page, edit: Locator) {
  await page.evaluate(() => delete document.documentElement.dataset.interaction)
  await edit.click()
  await page.getByRole("dialog").getByLabel("Title").waitFor()
  // Chromium reports an interaction after its paint.
  await page.waitForFunction(() => document.documentElement.dataset.interaction)
  return Number(await page.locator("html").getAttribute("data-interaction"))
}

/** Runs in the page: keeps the longest interaction in an attribute of the document. */
function watchInteractions() {
  new PerformanceObserver((list) => {
    const { dataset } = document.documentElement
    for (const { duration } of list.getEntries())
      dataset.interaction = String(Math.max(Number(dataset.interaction ?? 0), duration))
  }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit)
}
