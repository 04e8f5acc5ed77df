import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Page } from "@playwright/test"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { report } from "./measures.ts"

// Measures a folder of small files that a member chooses in Chromium: until its link is shown,
// until all files are stored, and the longest task of the tab meanwhile. Browser, app, database and
// store share the machine, and the bytes go over loopback.
// npm run bench -- drop [files] [rounds]
const FILES = Number(process.argv[2] ?? 1000)
const ROUNDS = Number(process.argv[3] ?? 3)
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

type Drop = { linkMs: number; storedMs: number; longestTaskMs: number }

const root = mkFolder()
const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
try {
  const browser = await launchBrowser()
  const page = await browser.newPage({ baseURL: app.url })
  await signIn(page)
  const drops: Drop[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    const drop = await dropFolder(page)
    console.log(
      `round ${round}: link after ${drop.linkMs.toFixed(0)} ms, stored after ${(drop.storedMs / 1000).toFixed(1)} s, longest task ${drop.longestTaskMs.toFixed(0)} ms`,
    )
    drops.push(drop)
  }
  await browser.close()
  const what = `a folder of ${FILES} files`
  report([
    {
      measure: `${what}: its link is shown after`,
      unit: "s",
      figures: drops.map(({ linkMs }) => linkMs / 1000),
      goal: { most: 1.5 },
    },
    {
      measure: `${what}: all are stored after`,
      unit: "s",
      figures: drops.map(({ storedMs }) => storedMs / 1000),
      goal: { most: 60 },
    },
    {
      measure: `${what}: the longest task of the tab`,
      unit: "ms",
      figures: drops.map(({ longestTaskMs }) => longestTaskMs),
      goal: { most: 200 },
    },
  ])
} finally {
  await app.stop()
  fs.rmSync(root, { recursive: true })
}

function mkFolder() {
  const folder = fs.mkdtempSync(path.join(tmpdir(), "lapse-drop-"))
  for (let at = 0; at < FILES; at++) {
    fs.writeFileSync(path.join(folder, `note ${at}.txt`), randomBytes(2_000 + at))
  }
  return folder
}

async function signIn(page: Page) {
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(ADMIN.email)
  await page.getByLabel("Password").fill(ADMIN.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/shares")
}

/** Chooses the folder on a fresh page. Times count from the moment in which the page gets it. */
async function dropFolder(page: Page): Promise<Drop> {
  await page.goto("/shares", { waitUntil: "networkidle" })
  await page.evaluate(observe)
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose a folder" }).click()
  await (await chosen).setFiles(root)
  const uploads = page.getByRole("region", { name: "Uploads" })
  await uploads.getByLabel("Link", { exact: true }).waitFor({ timeout: 300_000 })
  const linkMs = await page.evaluate(sinceChosen)
  const count = FILES.toLocaleString("en")
  const all = uploads.getByText(`${count} of ${count} uploaded`).first()
  await all.waitFor({ timeout: 300_000 })
  const storedMs = await page.evaluate(sinceChosen)
  const longestTaskMs = await page.evaluate(longestTask)
  return { linkMs, storedMs, longestTaskMs }
}

declare global {
  interface Window {
    chosenAt?: number
    longTasks?: number[]
  }
}

function observe() {
  window.longTasks = []
  document.addEventListener(
    "change",
    () => {
      window.chosenAt = performance.now()
    },
    { capture: true, once: true },
  )
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      if (startTime + duration > (window.chosenAt ?? Number.POSITIVE_INFINITY))
        window.longTasks?.push(duration)
    }
  }).observe({ type: "longtask" })
}

function sinceChosen() {
  return performance.now() - (window.chosenAt ?? 0)
}

/** Browsers report tasks of 50 ms or more. */
function longestTask() {
  return Math.max(0, ...(window.longTasks ?? []))
}
