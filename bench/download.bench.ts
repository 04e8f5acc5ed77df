import { spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { rmSync, statSync } from "node:fs"
import { launchPlain, type PlainPage } from "../e2e/browser/plain-browser.ts"
import { uploadFromDisk } from "../e2e/files/large-file.ts"
import { randomFile } from "../e2e/files/random-file.ts"
import { uploadFiles } from "../e2e/files/upload-files.ts"
import { signInClient } from "../e2e/member-client.ts"
import { openDownloadProxy } from "../e2e/network/download-proxy.ts"
import { ADMIN, startApp } from "./app.ts"
import { MIB } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"

// Measures large downloads in Chromium: the page's resumable one (ranges, written to private
// storage, SHA-256 of the whole file compared), until the page says that it is verified, against one
// bare GET, which is the page's ordinary button, until the file is on the disk; and "Download all"
// as one ZIP of many files, against one bare GET of as many bytes by curl. All go through a proxy
// with a limited rate. Rounds alternate and ratios are taken round by round. App, store and browser
// are separate processes on this machine.
// npm run bench -- download [MiB, at least 65] [files of the ZIP] [rounds] [MiB/s of the line]
const [SIZE = 256, FILES = 250, ROUNDS = 5, LINE = 60] = process.argv.slice(2).map(Number)
const BOUND_SECONDS = 400
const EACH = Math.floor((SIZE * MIB) / FILES)

const line = await openDownloadProxy()
const app = await startApp()
line.forwardTo(app.storeUrl)

try {
  const { many, single } = await share()
  await app.restart({ S3_PUBLIC_ENDPOINT: line.url })
  line.limitRate(LINE * MIB)
  const browser = await launchPlain()
  const rates = {
    bare: [] as number[],
    resumable: [] as number[],
    curl: [] as number[],
    zip: [] as number[],
  }
  await runRounds({ most: ROUNDS, seconds: BOUND_SECONDS }, async () => {
    rates.bare.push(await rateOf(single, bareGet))
    rates.resumable.push(await rateOf(single, resumable))
    rates.curl.push(SIZE / (await curl(single)))
    rates.zip.push(await rateOf(many, zip))
    const last = Object.entries(rates).map(([way, of]) => `${way} ${of.at(-1)?.toFixed(0)}`)
    console.log(`${last.join(", ")} MiB/s`)
  })
  await browser.close()
  report([
    {
      measure: `resumable download of ${SIZE} MiB on a line of ${LINE} MiB/s`,
      against: "bare GET",
      figures: ratiosOf(rates.resumable, rates.bare),
      goal: { least: 0.9 },
    },
    {
      measure: `ZIP of ${FILES} files, ${SIZE} MiB, on a line of ${LINE} MiB/s`,
      against: "bare GET by curl",
      figures: ratiosOf(rates.zip, rates.curl),
      goal: { least: 0.8 },
    },
  ])

  /** MiB per second from the click until the file is complete, in a new page of the link. */
  async function rateOf(link: string, download: (page: PlainPage) => Promise<string>) {
    const page = await browser.open(link)
    const startedAt = performance.now()
    const file = await download(page)
    const seconds = (performance.now() - startedAt) / 1000
    const { size } = statSync(file)
    if (size < EACH * FILES) throw new Error(`The file has ${size} bytes.`)
    rmSync(file)
    await page.close()
    return SIZE / seconds
  }
} finally {
  await app.stop()
  await line.close()
}

/** A link of all files, and one of a single file with as many bytes. */
async function share() {
  const member = await signInClient(app.url, ADMIN)
  const bytes = randomBytes(EACH)
  const names = Array.from({ length: FILES }, (_, at) => ({ name: `${at}.bin`, bytes }))
  const film = randomFile("film.mov", EACH * FILES)
  const one = await uploadFromDisk(member, "film.mov", film)
  film.remove()
  const many = await member.shareFiles(await uploadFiles(member, names), { mintTtlSeconds: 300 })
  const single = await member.shareFiles([one.id], { mintTtlSeconds: 300 })
  await member.context.dispose()
  return { many: many.url, single: single.url }
}

/** Resolves when the file is on the disk. */
async function bareGet(page: PlainPage) {
  const saved = page.nextDownload()
  await page.click("Download")
  return saved
}

/** Resolves when the page says that the file is verified. */
async function resumable(page: PlainPage) {
  const saved = page.nextDownload()
  await page.click("Resumable download")
  await page.untilText("Complete and verified")
  return saved
}

/** Resolves when the archive is on the disk, where the service worker sends it. */
async function zip(page: PlainPage) {
  const saved = page.nextDownload()
  await page.click("Download all")
  const file = await saved
  await page.untilText(`All ${FILES.toLocaleString("en")} files are in`)
  return file
}

/** Seconds that curl takes to write the file of a link to the disk. */
async function curl(link: string) {
  const answer = await fetch(`${link}/claim`, { method: "POST" })
  const { files }: { files: { url: string }[] } = await answer.json()
  const target = `${app.directory}/curl.bin`
  const startedAt = performance.now()
  // Not spawnSync, because the proxy runs in this process.
  const child = spawn("curl", ["-sSf", "-o", target, files[0]?.url ?? ""], {
    stdio: ["ignore", "inherit", "inherit"],
  })
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
  const seconds = (performance.now() - startedAt) / 1000
  rmSync(target)
  return seconds
}
