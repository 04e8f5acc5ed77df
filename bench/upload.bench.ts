import { spawn } from "node:child_process"
import { randomUUID } from "node:crypto"
import type { Page } from "@playwright/test"
import { randomFile } from "../e2e/files/random-file.ts"
import { read, signInClient } from "../e2e/member-client.ts"
import { openFaultyProxy } from "../e2e/network/faulty-proxy.ts"
import { installCommand } from "../e2e/programs/run-command.ts"
import { ADMIN, startApp, takeDataOf } from "./app.ts"
import { launchBrowser } from "./browser/browser.ts"
import { MIB } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { memoryBytes, watchMemory } from "./process-usage.ts"
import { runRounds } from "./rounds.ts"

// Measures a large upload: by the page of a member and by a guest of a request in Chromium (the real
// uploader: parts, digests, SHA-256 of the whole file, complete), and by `lapse share`; each against
// one bare presigned PUT of the same file by the same page, or by curl, to the same store through a
// proxy with a limited rate. Rounds alternate and ratios are taken round by round. App, store,
// browser and command are separate processes. The memory is that of the web process, because bytes
// must not pass through it.
// npm run bench -- upload [MiB] [rounds] [MiB/s of the line] [page | guest | command]
const [SIZE = 1024, ROUNDS = 3, LINE = 60] = process.argv.slice(2, 5).map(Number)
const WAYS = { page: byPage, guest: byGuest, command: byCommand }
const ONLY = process.argv[5]
const BOUND_SECONDS = 400
const SCOPES = ["files:read", "files:write", "shares:read", "shares:write"]

type Target = { url: string; headers: Record<string, string> }
type Way = {
  /** Sends the file with one PUT. */
  put: (target: Target) => Promise<void>
  /** Sends the file by the app, until it is stored. */
  send: () => Promise<void>
  /** Removes what was sent, so that the disk contains one file at a time. */
  remove: () => Promise<void>
}

const film = randomFile("film.mov", SIZE * MIB)
const line = await openFaultyProxy()
const app = await startApp({ S3_PUBLIC_ENDPOINT: line.url })
line.forwardTo(app.storeUrl)
line.limitRate(LINE * MIB)
takeDataOf(app)
process.env.S3_PUBLIC_ENDPOINT = line.url
const { presignPut, deleteObject } = await import("#lib/adapters/storage.ts")
const browser = await launchBrowser()

try {
  const member = await signInClient(app.url, ADMIN)
  for (const [name, start] of Object.entries(WAYS)) {
    if (ONLY === undefined || ONLY === name) await measure(name, await start(member))
  }
  await member.context.dispose()
} finally {
  await browser.close()
  await app.stop()
  await line.close()
  film.remove()
}

async function measure(name: string, { put, send, remove }: Way) {
  const [bare, through, grown]: [number[], number[], number[]] = [[], [], []]
  const round = async () => {
    const object = {
      key: `bench/${randomUUID()}`,
      size: SIZE * MIB,
      contentType: "video/quicktime",
    }
    const target = await presignPut({ ...object, signedAt: new Date() })
    bare.push(SIZE / (await secondsOf(() => put(target))))
    await deleteObject(object.key)
    const before = memoryBytes(app.webPid())
    const maximum = watchMemory(app.webPid())
    through.push(SIZE / (await secondsOf(send)))
    grown.push((maximum() - before) / MIB)
    await remove()
    const [one, other] = [bare, through].map((rates) => rates.at(-1)?.toFixed(0))
    console.log(`${name}: bare ${one}, by the app ${other} MiB/s`)
  }
  await round()
  for (const figures of [bare, through, grown]) figures.length = 0 // those of the warm-up
  await runRounds({ most: ROUNDS, seconds: BOUND_SECONDS }, round)
  report([
    {
      measure: `upload by ${name} of ${SIZE} MiB on a line of ${LINE} MiB/s`,
      against: "bare PUT",
      figures: ratiosOf(through, bare),
      goal: { least: 0.9 },
    },
    {
      measure: `web process grew under an upload by ${name}, at most`,
      unit: "MiB",
      figures: grown,
      goal: { most: 32 },
    },
  ])
}

type Member = Awaited<ReturnType<typeof signInClient>>

async function byPage(member: Member): Promise<Way> {
  const storageState = await member.context.storageState()
  const page = await browser.newPage({ baseURL: app.url, storageState })
  await page.goto("/shares")
  return {
    put: (target) => putByPage(page, target),
    async send() {
      await page.goto("/shares")
      const chosen = page.waitForEvent("filechooser")
      await page.getByRole("button", { name: "Choose files" }).click()
      await (await chosen).setFiles(film.path)
      const uploads = page.getByRole("region", { name: "Uploads" })
      await uploads.getByText("Uploaded", { exact: true }).waitFor({ timeout: 600_000 })
    },
    remove: () => removeFiles(member),
  }
}

async function byGuest(member: Member): Promise<Way> {
  const input = { title: "Photos, please", folder: "", maxBytes: 100 * SIZE * MIB }
  const { url } = await read<{ url: string }>(await member.post("/requests", input), 201)
  const page = await browser.newPage()
  await page.goto(url)
  return {
    put: (target) => putByPage(page, target),
    async send() {
      await page.getByLabel("Choose files").setInputFiles(film.path)
      await page.getByText("· Arrived").waitFor({ timeout: 600_000 })
    },
    async remove() {
      await page.getByRole("button", { name: "Withdraw: film.mov" }).click()
      await page.getByText("· Arrived").waitFor({ state: "hidden" })
    },
  }
}

async function byCommand(member: Member): Promise<Way> {
  const made = await member.post("/tokens", { name: "Bench", scopes: SCOPES })
  const { token } = await read<{ token: string }>(made, 201)
  const command = await installCommand(app.url, { LAPSE_URL: app.url, LAPSE_TOKEN: token })
  return {
    put: putByCurl,
    async send() {
      const { code, err } = await command.run("share", film.path)
      if (code !== 0) throw new Error(`lapse share ended with ${code}: ${err}`)
    },
    remove: () => removeFiles(member),
  }
}

async function removeFiles(member: Member) {
  const { items } = await read<{ items: { id: string }[] }>(await member.get("/files"), 200)
  await read(await member.post("/files/delete", { ids: items.map(({ id }) => id) }), 200)
}

async function putByPage(page: Page, target: Target) {
  await page.evaluate(() => {
    const input = document.createElement("input")
    input.type = "file"
    input.id = "bare"
    document.body.append(input)
  })
  await page.locator("#bare").setInputFiles(film.path)
  await page.evaluate(async ({ url, headers }) => {
    const input = document.querySelector("#bare")
    const body = input instanceof HTMLInputElement ? input.files?.[0] : undefined
    if (!body) throw new Error("no file was chosen")
    const { status } = await fetch(url, { method: "PUT", headers, body })
    if (status !== 200) throw new Error(`The store answered ${status}.`)
    input?.remove()
  }, target)
}

async function putByCurl({ url, headers }: Target) {
  const lines = Object.entries({ ...headers, Expect: "" }).flatMap(([name, value]) => [
    "-H",
    `${name}:${value && ` ${value}`}`,
  ])
  const child = spawn("curl", ["-sSf", "-T", film.path, ...lines, url], {
    stdio: ["ignore", "ignore", "inherit"],
  })
  const code = await new Promise((resolve) => child.once("close", resolve))
  if (code !== 0) throw new Error(`curl ended with ${code}.`)
}

async function secondsOf(work: () => Promise<void>) {
  const startedAt = performance.now()
  await work()
  return (performance.now() - startedAt) / 1000
}
