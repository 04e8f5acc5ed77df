import fs from "node:fs"
import os from "node:os"
import path from "node:path"
import type { Browser, BrowserContext } from "@playwright/test"
import { buildVisitor } from "#server/build/build-visitor.ts"
import { read, signInClient } from "../e2e/member-client.ts"
import { ADMIN, startApp } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { table } from "./figures.ts"
import { report } from "./measures.ts"

// Measures the JavaScript of visitors' pages and of what they load on demand, as built, with Brotli;
// and the JavaScript that a member's browser receives for a page it opens for the first time, until
// its network is idle: bytes of each script as transferred, response heads included.
// npm run bench -- weight [goal for members' pages in kB]
const GOAL_KB = Number(process.argv[2] ?? 200)
const VISITORS_KB = { visit: 9.5, request: 9.5, closed: 6.14 }
const VIEWER_KB = 15
const SHARES = 50

await weighVisitors()
await weighMembers()

async function weighVisitors() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lapse-visitor-"))
  try {
    await buildVisitor(folder)
    const assets = path.join(folder, "assets")
    const names = fs.readdirSync(assets).filter((name) => name.endsWith(".js"))
    const withImports = (name: string, found = new Set<string>()): Set<string> => {
      if (found.has(name)) return found
      found.add(name)
      for (const next of importsOf(path.join(assets, name))) withImports(next, found)
      return found
    }
    const kilobytes = (files: Iterable<string>) =>
      [...files].reduce((sum, name) => sum + fs.statSync(path.join(assets, `${name}.br`)).size, 0) /
      1000
    const pageOf = (entry: string) =>
      withImports(names.find((name) => name.startsWith(`${entry}-`)) ?? "")
    const entries = Object.entries(VISITORS_KB)
    const pages = new Set(entries.flatMap(([entry]) => [...pageOf(entry)]))
    const others = names.filter((name) => !pages.has(name))
    const rows = others.map((name) => [name, kilobytes([name]).toFixed(1)])
    console.log(table(["script on demand", "kB"], rows))
    report([
      ...entries.map(([entry, most]) => ({
        measure: `JavaScript of a visitor's page, ${entry}`,
        unit: "kB",
        figures: [kilobytes(pageOf(entry))],
        goal: { most },
      })),
      {
        measure: "JavaScript of the viewer on a member's page, before the part of a kind",
        unit: "kB",
        figures: [kilobytes(pageOf("own-viewer"))],
        goal: { most: VIEWER_KB },
      },
    ])
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns the scripts that a built script imports at once. */
function importsOf(file: string) {
  const imports = fs.readFileSync(file, "utf8").matchAll(/(?:from|import)"[./\w]*\/([\w.-]+\.js)"/g)
  return [...imports].map(([, name = ""]) => name)
}

async function weighMembers() {
  const browser = await launchBrowser()
  const rows: string[][] = []
  const weights: number[] = []
  const weigh = async (at: Browser | BrowserContext, url: string, status = 200) => {
    const { bytes, files } = await weighPage(at, url, status)
    weights.push(bytes / 1000)
    rows.push([new URL(url).pathname, (bytes / 1000).toFixed(1), String(files)])
  }
  try {
    const setup = await startApp({ ADMIN_EMAIL: "", ADMIN_PASSWORD: "" })
    // 403, because the address has no code.
    await weigh(browser, `${setup.url}/setup`, 403).finally(setup.stop)
    const app = await startApp()
    try {
      await weigh(browser, `${app.url}/sign-in`)
      const member = await signInClient(app.url, ADMIN)
      let share = ""
      for (let n = 0; n < SHARES; n++) share = `/shares/${(await member.share(`${n}.pdf`)).id}`
      const asked = await member.post("/requests", { title: "Photos", folder: "Inbox" })
      const { id } = await read<{ id: string }>(asked, 201)
      const storageState = await member.context.storageState()
      const context = await browser.newContext({ storageState })
      const settings = ["/settings/sharing", "/settings/branding"]
      const ofAdmins = ["", "/shares", share, "/files", "/members", ...settings, "/audit"]
      for (const page of ["/shares", share, `/requests/${id}`, "/files", "/settings"])
        await weigh(context, app.url + page)
      for (const page of ofAdmins) await weigh(context, `${app.url}/admin${page}`)
      await member.context.dispose()
    } finally {
      await app.stop()
    }
  } finally {
    await browser.close()
  }
  console.log(`\n${table(["page of members", "kB", "files"], rows)}`)
  const measure = "JavaScript of the heaviest page of members"
  report([{ measure, unit: "kB", figures: [Math.max(...weights)], goal: { most: GOAL_KB } }])
}

/** Counts the scripts that a page loads. */
async function weighPage(at: Browser | BrowserContext, url: string, status: number) {
  const page = await at.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send("Network.enable")
  await session.send("Network.setCacheDisabled", { cacheDisabled: true })
  const scripts = new Set<string>()
  const weighed = { bytes: 0, files: 0 }
  session.on("Network.responseReceived", ({ requestId, type }) => {
    if (type === "Script") scripts.add(requestId)
  })
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (!scripts.has(requestId)) return
    weighed.bytes += encodedDataLength
    weighed.files += 1
  })
  const answer = await page.goto(url, { waitUntil: "networkidle" })
  if (answer?.status() !== status) throw new Error(`${url} was answered ${answer?.status()}`)
  await page.close()
  return weighed
}
