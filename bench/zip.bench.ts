import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import fs from "node:fs"
import { cpus } from "node:os"
import { launchPlain, type PlainBrowser } from "../e2e/browser/plain-browser.ts"
import { uploadLarge } from "../e2e/files/large-file.ts"
import { uploadFiles } from "../e2e/files/upload-files.ts"
import { signInClient } from "../e2e/member-client.ts"
import { openDownloadProxy } from "../e2e/network/download-proxy.ts"
import { startApp } from "./app.ts"
import { MIB } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"

// Measures "Download all" in Chromium as one ZIP of many files, against one bare GET of as many
// bytes by `curl`, in the same round, both through a proxy with a limited rate. The ZIP goes
// through the service worker to the disk, and is timed from the click until it is there.
// npm run bench -- zip [MiB] [files] [rounds] [MiB/s of the line]
const [SIZE = 512, FILES = 250, ROUNDS = 5, LINE = 60] = process.argv.slice(2).map(Number)
const BOUND_SECONDS = 300
const ADMIN = { email: "ada@example.org", password: "a quiet harbour in winter" }
const EACH = Math.floor((SIZE * MIB) / FILES)

const line = await openDownloadProxy()
const app = await startApp({ ADMIN_EMAIL: ADMIN.email, ADMIN_PASSWORD: ADMIN.password })
line.forwardTo(app.storeUrl)

try {
  const { many, single } = await share()
  await app.restart({ S3_PUBLIC_ENDPOINT: line.url })
  line.limitRate(LINE * MIB)
  const browser = await launchPlain()
  console.log(`${cpus().length} cores, Node ${process.version}, load ${load()}`)
  const [bare, zip]: [number[], number[]] = [[], []]
  const mebibytes = (EACH * FILES) / MIB
  await runRounds({ most: ROUNDS, seconds: BOUND_SECONDS }, async (round) => {
    const times = [await curl(single), await downloadZip(browser, many)] as const
    bare.push(mebibytes / times[0])
    zip.push(mebibytes / times[1])
    const rates = times.map((seconds) => (mebibytes / seconds).toFixed(0)).join(", ")
    console.log(`round ${round}: bare GET, ZIP ${rates} MiB/s, load ${load()}`)
  })
  await browser.close()
  report([
    {
      measure: `ZIP of ${FILES} files, ${SIZE} MiB, on a line of ${LINE} MiB/s`,
      against: "bare GET",
      figures: ratiosOf(zip, bare),
      goal: { least: 0.8 },
    },
  ])
} finally {
  await app.stop()
  await line.close()
}

/** A link of all files, and one of a single file with as many bytes. */
async function share() {
  const member = await signInClient(app.url, ADMIN)
  const bytes = randomBytes(EACH)
  const names = Array.from({ length: FILES }, (_, at) => ({ name: `${at}.bin`, bytes }))
  const one = await uploadLarge(member, "one.bin", EACH * FILES)
  const many = await member.shareFiles(await uploadFiles(member, names), { mintTtlSeconds: 300 })
  const single = await member.shareFiles([one.id], { mintTtlSeconds: 300 })
  await member.context.dispose()
  return { many: many.url, single: single.url }
}

/** Seconds that curl takes to write the file of a link to the disk. */
async function curl(link: string) {
  const answer = await fetch(`${link}/claim`, { method: "POST" })
  const { files }: { files: { url: string }[] } = await answer.json()
  const target = `${app.directory}/curl.bin`
  const config = files.map(({ url }) => `url = "${url}"\noutput = "${target}"`).join("\n")
  const startedAt = performance.now()
  // Not spawnSync, because the proxy runs in this process.
  const child = spawn("curl", ["-sSf", "-K", "-"], { stdio: ["pipe", "inherit", "inherit"] })
  child.stdin.end(config)
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
  const seconds = (performance.now() - startedAt) / 1000
  fs.rmSync(target)
  return seconds
}

async function downloadZip(browser: PlainBrowser, link: string) {
  const page = await browser.open(link)
  const startedAt = performance.now()
  const downloaded = page.nextDownload()
  await page.click("Download all")
  const file = await downloaded
  const seconds = (performance.now() - startedAt) / 1000
  const { size } = fs.statSync(file)
  if (size < EACH * FILES) throw new Error(`The archive has ${size} bytes.`)
  fs.rmSync(file)
  await page.untilText(`All ${FILES.toLocaleString("en")} files are in`)
  await page.close()
  return seconds
}

function load() {
  return fs.readFileSync("/proc/loadavg", "utf8").split(" ")[0]
}
