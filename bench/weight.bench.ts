import type { Browser, BrowserContext, Page } from "@playwright/test"
import { signInClient } from "../e2e/member-client.ts"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { table } from "./figures.ts"
import { report } from "./measures.ts"
import { seedShares } from "./seeds/seed-shares.ts"

// Measures the JavaScript that a member's browser receives for a page it opens for the first time,
// until its network is idle: bytes of each script as transferred, response heads included. Then the
// scripts that the page of shares loads on use.
// npm run bench -- weight [goal in kB]
const GOAL_KB = Number(process.argv[2] ?? 200)
const SHARES = 50
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type Weighed = { bytes: number; files: number }

const rows: string[][] = []
const laterRows: string[][] = []
/** In kB, with Brotli. */
const weights: number[] = []

const setup = await startApp()
try {
  await withBrowser((browser) => weigh("/setup", browser, `${setup.url}/setup`))
} finally {
  await setup.stop()
}

const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
try {
  await withBrowser(weighAll)
} finally {
  await app.stop()
}
console.log(`\nkB (1,000 bytes) of JavaScript as received, by Brotli and by gzip
${table(["page", "Brotli", "gzip", "files"], rows)}

on the page of shares, one after the other, by Brotli
${table(["what is done", "kB", "files"], laterRows)}`)
const measure = "JavaScript of the heaviest page of members"
report([{ measure, unit: "kB", figures: [Math.max(...weights)], goal: { most: GOAL_KB } }])

async function weighAll(browser: Browser) {
  await weigh("/sign-in", browser, `${app.url}/sign-in`)
  const context = await browser.newContext()
  await signIn(await context.newPage())
  await weigh("/shares, empty", context, `${app.url}/shares`)

  const member = await signInClient(app.url, ADMIN)
  const { "1 file": shares } = await seedShares(member, SHARES / 5)
  const asked = await member.post("/requests", { title: "Photos", folder: "Inbox" })
  const request: { id: string } = await asked.json()
  await member.context.dispose()

  const share = `/shares/${shares[0]?.id}`
  await weigh(`/shares, ${SHARES} shares`, context, `${app.url}/shares`)
  await weigh("/shares/[id]", context, app.url + share)
  await weigh("/requests/[id]", context, `${app.url}/requests/${request.id}`)
  for (const path of ["/files", "/settings"]) await weigh(path, context, app.url + path)
  const settings = ["/settings/sharing", "/settings/branding"]
  for (const page of ["", "/shares", "/files", "/members", ...settings, "/audit"])
    await weigh(`/admin${page}`, context, `${app.url}/admin${page}`)
  await weigh("/admin/shares/[id]", context, `${app.url}/admin${share}`)
  await weighLater(context)
}

async function weigh(name: string, at: Browser | BrowserContext, url: string) {
  const brotli = await load(at, url)
  const gzip = await load(at, url, "gzip, deflate")
  weights.push(brotli.bytes / 1000)
  rows.push([name, kilobytes(brotli), kilobytes(gzip), String(brotli.files)])
  console.log(`${name}: ${kilobytes(brotli)} kB, ${kilobytes(gzip)} kB by gzip`)
}

function kilobytes({ bytes }: Weighed) {
  return (bytes / 1000).toFixed(1)
}

/**
 * Loads a page with the given Accept-Encoding: over plain HTTP on another name than localhost,
 * browsers accept only gzip.
 */
async function load(at: Browser | BrowserContext, url: string, accepted?: string) {
  const page = await at.newPage()
  const weighed = await weighScripts(page)
  if (accepted) await page.setExtraHTTPHeaders({ "Accept-Encoding": accepted })
  await page.goto(url, { waitUntil: "networkidle" })
  await page.close()
  return weighed
}

/** Counts the scripts that the page loads from now on. */
async function weighScripts(page: Page) {
  const session = await page.context().newCDPSession(page)
  await session.send("Network.enable")
  await session.send("Network.setCacheDisabled", { cacheDisabled: true })
  const scripts = new Set<string>()
  const weighed: Weighed = { bytes: 0, files: 0 }
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId)
  })
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!scripts.has(requestId)) return
    weighed.bytes += encodedDataLength
    weighed.files += 1
  })
  return weighed
}

async function weighLater(context: BrowserContext) {
  const page = await context.newPage()
  await page.goto(`${app.url}/shares`, { waitUntil: "networkidle" })
  const weighed = await weighScripts(page)
  const steps: [string, () => Promise<void>][] = [
    ["a press on an empty place", () => page.getByRole("heading", { level: 1 }).click()],
    [
      "the menu of a share",
      () =>
        page
          .getByRole("button", { name: /^More actions for/ })
          .first()
          .click(),
    ],
    ["its dialog", () => page.getByRole("menuitem", { name: "Edit" }).click()],
    ["a dropped file", () => choose(page)],
  ]
  for (const [name, act] of steps) {
    const { bytes, files } = weighed
    await act()
    await page.waitForLoadState("networkidle")
    await page.waitForTimeout(1_000)
    const more = { bytes: weighed.bytes - bytes, files: weighed.files - files }
    laterRows.push([name, kilobytes(more), String(more.files)])
  }
  await page.close()
}

async function choose(page: Page) {
  await page.keyboard.press("Escape")
  const file = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("bytes") }
  await page.locator("input[type=file]").first().setInputFiles(file)
  await page.getByRole("region", { name: "Uploads" }).waitFor()
}

async function signIn(page: Page) {
  await page.goto(`${app.url}/sign-in`)
  await page.getByLabel("Email").fill(ADMIN.email)
  await page.getByLabel("Password").fill(ADMIN.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/shares")
  await page.close()
}

async function withBrowser(use: (browser: Browser) => Promise<void>) {
  const browser = await launchBrowser()
  try {
    await use(browser)
  } finally {
    await browser.close()
  }
}
