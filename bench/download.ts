import { mkdtempSync, rmSync } from "node:fs"
import { cpus, tmpdir } from "node:os"
import path from "node:path"
import type { BrowserContext, Download, Page } from "@playwright/test"
import { openFaultyProxy } from "../e2e/faulty-proxy.ts"
import { uploadFromDisk } from "../e2e/large-file.ts"
import { signInClient } from "../e2e/member-client.ts"
import { randomFile } from "../e2e/random-file.ts"
import { startApp } from "./app.ts"
import { launchProfile } from "./browser.ts"
import { kib, MIB, median, medianRatio } from "./figures.ts"
import { residentBytes } from "./process-usage.ts"

// A large download in Chromium: the page's resumable one (ranges, written to private storage,
// SHA-256 of the whole compared), timed until the page says that it is verified, and until the
// browser has saved its copy; against one bare GET, which is the page's ordinary button, timed until
// the file is on the disk. Rounds alternate and ratios are taken round by round. App, store and
// browser are separate processes on this machine; with a line, both go through a proxy of so many
// MiB/s. The memory is that of the renderer. Last, the bytes of the scripts that the page loads for
// it.
//   npm run bench -- download [MiB] [rounds] [MiB/s of the line]
const SIZE = Number(process.argv[2] ?? 1024) * MIB
const ROUNDS = Number(process.argv[3] ?? 3)
const LINE = Number(process.argv[4] ?? 0) * MIB
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const profile = mkdtempSync(path.join(tmpdir(), "lapse-profile-"))
const film = randomFile("film.mov", SIZE)
const line = LINE ? await openFaultyProxy() : null
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  ...(line ? { S3_PUBLIC_ENDPOINT: line.url } : {}),
})
line?.forwardTo(app.storeUrl)

try {
  const member = await signInClient(app.url, ADMIN)
  const file = await uploadFromDisk(member, "film.mov", film)
  const share = await member.shareFiles([file.id])
  line?.limitRate(LINE)
  const browser = await launchProfile(profile)
  const rates = { bare: [] as number[], verified: [] as number[], saved: [] as number[] }
  const memory: number[] = []
  let scripts: Map<string, number> = new Map()

  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await inNewPage(browser, share.url, bareGet)
    const result = await inNewPage(browser, share.url, resumable)
    scripts = result.scripts
    console.log(
      `round ${round}: bare ${rate(SIZE / bare)}  verified ${rate(SIZE / result.verified)}  saved ${rate(SIZE / result.saved)}  ratio ${(bare / result.verified).toFixed(2)}  renderer grew by ${(result.grown / MIB).toFixed(0)} MiB`,
    )
    // The first round warms up.
    if (round === 0) continue
    rates.bare.push(SIZE / bare)
    rates.verified.push(SIZE / result.verified)
    rates.saved.push(SIZE / result.saved)
    memory.push(result.grown)
  }
  await browser.close()
  await member.context.dispose()
  console.log(`
${cpus().length} cores, Node ${process.version}, ${SIZE / MIB} MiB${LINE ? ` on a line of ${LINE / MIB} MiB/s` : ""}, medians of ${ROUNDS} rounds
bare GET            ${rate(median(rates.bare))}
resumable, verified ${rate(median(rates.verified))}   ${medianRatio(rates.verified, rates.bare).toFixed(2)} of the bare GET (goal 0.9)
the copy is saved   ${rate(median(rates.saved))}   ${medianRatio(rates.saved, rates.bare).toFixed(2)}
renderer grew by ${(Math.max(...memory) / MIB).toFixed(0)} MiB at most
scripts, compressed (KiB): ${Array.from(scripts, ([name, bytes]) => `${name} ${kib(bytes)}`).join(", ")}`)
} finally {
  await app.stop()
  await line?.close()
  film.remove()
  rmSync(profile, { recursive: true, force: true })
}

async function inNewPage<Result>(
  browser: BrowserContext,
  url: string,
  act: (page: Page) => Promise<Result>,
): Promise<Result> {
  const page = await browser.newPage()
  await page.goto(url)
  const result = await act(page)
  await page.close()
  return result
}

/** Seconds from the click until the file is on the disk. */
async function bareGet(page: Page) {
  const startedAt = performance.now()
  await saved(page, () => page.getByRole("button", { name: /^Download/ }).click())
  return (performance.now() - startedAt) / 1000
}

async function resumable(page: Page) {
  const scripts = watchScripts(page)
  const pids = await rendererPids(page)
  const resident = () => pids.reduce((sum, pid) => sum + residentOrNone(pid), 0)
  const before = resident()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, resident())
  }, 100)
  const startedAt = performance.now()
  let verified = 0
  await saved(page, async () => {
    await page.getByRole("button", { name: "Resumable download" }).click()
    await page
      .getByText(/Complete and verified/)
      .first()
      .waitFor({ timeout: 600_000 })
    verified = (performance.now() - startedAt) / 1000
  })
  clearInterval(timer)
  return {
    verified,
    saved: (performance.now() - startedAt) / 1000,
    grown: most - before,
    scripts,
  }
}

/** Waits until a download that the act starts is on the disk, and deletes it. */
async function saved(page: Page, act: () => Promise<void>) {
  const started = page.waitForEvent("download", { timeout: 600_000 })
  await act()
  const download: Download = await started
  await download.path()
  await download.delete()
}

async function rendererPids(page: Page) {
  const session = await page.context().browser()?.newBrowserCDPSession()
  if (!session) throw new Error("the browser does not name its processes")
  const { processInfo } = await session.send("SystemInfo.getProcessInfo")
  await session.detach()
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id)
}

/** 0 for a process that has ended. */
function residentOrNone(pid: number) {
  try {
    return residentBytes(pid)
  } catch {
    return 0
  }
}

/** Compressed bytes of the scripts that are loaded from now on, by name. */
function watchScripts(page: Page) {
  const sizes = new Map<string, number>()
  page.on("response", (response) => {
    const [, name] = /\/assets\/(.+)-\w+\.(?:js|json)$/.exec(response.url()) ?? []
    if (name) sizes.set(name, Number(response.headers()["content-length"]))
  })
  return sizes
}

function rate(perSecond: number) {
  return `${(perSecond / MIB).toFixed(0).padStart(4)} MiB/s`
}
