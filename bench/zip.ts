import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { cpus } from "node:os"
import type { Page } from "@playwright/test"
import { openDownloadProxy } from "../e2e/download-proxy.ts"
import { signInClient } from "../e2e/member-client.ts"
import { uploadFiles } from "../e2e/upload-files.ts"
import { startApp } from "./app.ts"
import { launchBrowser } from "./browser.ts"
import { MIB, median, medianRatio } from "./figures.ts"

// "Download all" in Chromium as one ZIP of many files, against `curl` of the same objects one after
// another and against one bare GET of as many bytes, in the same round. The ZIP goes through the
// service worker to the disk, and is timed from the click until it is there. With a line, all three
// go through a proxy of so many MiB/s, as on a network.
//   npm run bench -- zip [MiB] [files] [rounds] [MiB/s of the line]
const SIZE = Number(process.argv[2] ?? 2048) * MIB
const FILES = Number(process.argv[3] ?? 1000)
const ROUNDS = Number(process.argv[4] ?? 3)
const LINE = Number(process.argv[5] ?? 0) * MIB
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }
const EACH = Math.floor(SIZE / FILES)

type Claimed = { files: { url: string }[] }

const line = LINE ? await openDownloadProxy() : null
const app = await startApp({
  ADMIN_EMAIL: ADMIN.email,
  ADMIN_PASSWORD: ADMIN.password,
  ...(line ? { S3_PUBLIC_ENDPOINT: line.url } : {}),
})
line?.forwardTo(app.storeUrl)

try {
  const member = await signInClient(app.url, ADMIN)
  const bytes = randomBytes(EACH)
  const names = Array.from({ length: FILES }, (_, at) => ({ name: `${at}.bin`, bytes }))
  const many = await member.shareFiles(await uploadFiles(member, names), { mintTtlSeconds: 300 })
  const whole = randomBytes(64 * MIB)
  const parts = Array.from({ length: Math.ceil(SIZE / whole.length) }, () => whole)
  const one = { name: "one.bin", bytes: Buffer.concat(parts).subarray(0, EACH * FILES) }
  const single = await member.shareFiles(await uploadFiles(member, [one]), { mintTtlSeconds: 300 })
  line?.limitRate(LINE)
  const browser = await launchBrowser()
  const rates = { zip: [] as number[], curl: [] as number[], bare: [] as number[] }
  for (let round = 0; round < ROUNDS; round++) {
    const bare = await curl(single.url)
    const each = await curl(many.url)
    const context = await browser.newContext({ acceptDownloads: true })
    const zip = await downloadZip(await context.newPage(), many.url)
    await context.close()
    rates.bare.push((EACH * FILES) / bare)
    rates.curl.push((EACH * FILES) / each)
    rates.zip.push((EACH * FILES) / zip)
    console.log(
      `round ${round}: bare GET ${rate(SIZE / bare)}  curl one by one ${rate(SIZE / each)}  ZIP ${rate(SIZE / zip)}  ZIP to bare ${(bare / zip).toFixed(2)}`,
    )
  }
  await browser.close()
  console.log(`
${cpus().length} cores, Node ${process.version}, ${SIZE / MIB} MiB in ${FILES} files${LINE ? ` on a line of ${LINE / MIB} MiB/s` : ", loopback"}, medians of ${ROUNDS} rounds
bare GET of as many bytes   ${rate(median(rates.bare))}
curl, one after another     ${rate(median(rates.curl))}
one ZIP in the browser      ${rate(median(rates.zip))}   ${medianRatio(rates.zip, rates.bare).toFixed(2)} of the bare GET (goal 0.8), ${medianRatio(rates.zip, rates.curl).toFixed(2)} of curl`)
  await member.context.dispose()
} finally {
  await app.stop()
  await line?.close()
}

/** Seconds that curl takes for all files of a link on one connection, to the disk. */
async function curl(link: string) {
  const answer = await fetch(`${link}/claim`, { method: "POST" })
  const { files }: Claimed = await answer.json()
  const target = `${app.directory}/curl.bin`
  const config = files.map(({ url }) => `url = "${url}"\noutput = "${target}"`).join("\n")
  const startedAt = performance.now()
  // Not spawnSync: the line runs in this process.
  const child = spawn("curl", ["-sSf", "-K", "-"], { stdio: ["pipe", "inherit", "inherit"] })
  child.stdin.end(config)
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
  const seconds = (performance.now() - startedAt) / 1000
  fs.rmSync(target)
  return seconds
}

/** Seconds from the click until the whole archive is on the disk. */
async function downloadZip(page: Page, link: string) {
  await page.goto(link)
  const started = page.waitForEvent("download")
  const startedAt = performance.now()
  await page.getByRole("button", { name: /^Download all/ }).click()
  const download = await started
  const file = await download.path()
  const seconds = (performance.now() - startedAt) / 1000
  const { size } = fs.statSync(file)
  if (size < EACH * FILES) throw new Error(`The archive has ${size} bytes.`)
  await download.delete()
  return seconds
}

function rate(perSecond: number) {
  return `${(perSecond / MIB).toFixed(0).padStart(4)} MiB/s`
}
