import { cpus } from "node:os"
import type { Page } from "@playwright/test"
import { randomFile } from "../e2e/files/random-file.ts"
import { openFaultyProxy } from "../e2e/network/faulty-proxy.ts"
import { startApp } from "./app.ts"
import { barePut } from "./browser/bare-put.ts"
import { launchBrowser } from "./browser/browser.ts"
import { MIB, median, medianRatio, mibPerSecond } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { memoryBytes, watchMemory } from "./process-usage.ts"

// Measures a large upload in Chromium: by the app's page (the real uploader: parts, digests,
// SHA-256 of the whole file, complete), against one bare presigned PUT of the same file by the same
// page to the same store, both through a proxy with a limited rate. Rounds alternate and ratios are
// taken round by round. App, store and browser are separate processes. The memory is that of the
// web process, because bytes must not pass through it.
// npm run bench -- upload [MiB] [rounds] [MiB/s of the line]
const SIZE = Number(process.argv[2] ?? 1024) * MIB
const ROUNDS = Number(process.argv[3] ?? 3)
const LINE = Number(process.argv[4] ?? 60) * MIB
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }

const film = randomFile("film.mov", SIZE)
const line = await openFaultyProxy()
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  S3_PUBLIC_ENDPOINT: line.url,
})
line.forwardTo(app.storeUrl)
line.limitRate(LINE)

try {
  const browser = await launchBrowser()
  const page = await signIn(await browser.newPage({ baseURL: app.url }))

  const rates = { app: [] as number[], bare: [] as number[] }
  const memory: number[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = await barePut(page, {
      app,
      storeUrl: line.url,
      from: "/shares",
      file: { path: film.path, size: SIZE },
    })
    const before = memoryBytes(app.webPid())
    const maximum = watchMemory(app.webPid())
    const through = await upload(page)
    const grown = maximum() - before
    console.log(
      `round ${round}: bare ${mibPerSecond(SIZE / bare)}  app ${mibPerSecond(SIZE / through)}  ratio ${(bare / through).toFixed(2)}  web process grew by ${(grown / MIB).toFixed(1)} MiB at most`,
    )
    // The first round warms up.
    if (round === 0) continue
    rates.bare.push(SIZE / bare)
    rates.app.push(SIZE / through)
    memory.push(grown)
  }
  await browser.close()
  const ratio = medianRatio(rates.app, rates.bare)
  console.log(`
${cpus().length} cores, Node ${process.version}, ${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s, medians of ${ROUNDS} rounds
bare presigned PUT  ${mibPerSecond(median(rates.bare))}
upload by the page  ${mibPerSecond(median(rates.app))}   ${ratio.toFixed(2)} of the bare PUT (goal 0.9)
web process grew by ${(Math.max(...memory) / MIB).toFixed(1)} MiB at most (goal: less than 32)`)
  report([
    {
      measure: `upload of ${SIZE / MIB} MiB on a line of ${LINE / MIB} MiB/s`,
      against: "bare PUT",
      figures: ratiosOf(rates.app, rates.bare),
      goal: { least: 0.9 },
    },
    {
      measure: "web process grew under an upload, at most",
      unit: "MiB",
      figures: memory.map((grown) => grown / MIB),
      goal: { most: 32 },
    },
  ])
} finally {
  await app.stop()
  await line.close()
  film.remove()
}

async function signIn(page: Page) {
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(ADMIN.email)
  await page.getByLabel("Password").fill(ADMIN.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/shares")
  return page
}

/** Seconds from the choice of the file until the page says that it is stored. */
async function upload(page: Page) {
  await page.goto("/shares")
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  const chooser = await chosen
  const startedAt = performance.now()
  await chooser.setFiles(film.path)
  const uploads = page.getByRole("region", { name: "Uploads" })
  await uploads.getByText("Uploaded", { exact: true }).waitFor({ timeout: 600_000 })
  const seconds = (performance.now() - startedAt) / 1000
  await removeFiles(page)
  return seconds
}

/** Removes the files, so that the disk holds one at a time. */
async function removeFiles(page: Page) {
  await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/files")).json()
    for (const { id } of items) await fetch(`/api/v1/files/${id}`, { method: "DELETE" })
  })
}
