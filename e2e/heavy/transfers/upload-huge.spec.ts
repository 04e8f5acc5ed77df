import fs from "node:fs"
import type { Browser, Page } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { sha256OfFile } from "../../files/random-file.ts"
import { expect, test } from "../../fixtures.ts"
import { browserMemory, residentBytes } from "../../installation/process-memory.ts"

const SIZE = (process.env.HEAVY === "1" ? 20 * 1024 : 512) * MIB
/**
 * The allowed growth of each process during the transfer, which does not depend on the file's size.
 */
const MAY_GROW = { web: 32 * MIB, store: 256 * MIB, browser: 384 * MIB }

test(`${SIZE / MIB} MiB are uploaded unchanged, and neither browser, app nor store keeps them in memory`, async ({
  ownerPage: page,
  owner,
  installation,
  browser,
}, testInfo) => {
  test.setTimeout(process.env.HEAVY === "1" ? 30 * 60_000 : 180_000)
  const file = testInfo.outputPath("archive.tar")
  writeMostlyEmpty(file, SIZE)
  await page.goto("/shares")
  const processes = {
    web: [listenerOf(installation.url)],
    store: [listenerOf(installation.storeUrl)],
  }
  const before = await memory(browser, processes)

  await choose(page, file)
  const most = { ...before }
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  const stored = uploads.getByText("Uploaded", { exact: true })
  await expect
    .poll(
      async () => {
        const now = await memory(browser, processes)
        for (const key of ["web", "store", "browser"] as const)
          most[key] = Math.max(most[key], now[key])
        return stored.count()
      },
      { timeout: 28 * 60_000, intervals: [500] },
    )
    .toBe(1)

  const { items } = await (await owner.get("/files?limit=1")).json()
  expect(items[0]).toMatchObject({ name: "archive.tar", size: SIZE, status: "ready" })
  expect(items[0].sha256).toBe(await sha256OfFile(file))
  for (const key of ["web", "store", "browser"] as const) {
    const grown = most[key] - before[key]
    testInfo.annotations.push({ type: key, description: `grew by ${Math.round(grown / MIB)} MiB` })
    expect.soft(grown, `the ${key}'s memory`).toBeLessThan(MAY_GROW[key])
  }
  expect((await owner.delete(`/files/${items[0].id}`)).status()).toBe(204)
})

/** Writes a sparse file, which takes no disk space, in which no two parts are equal. */
function writeMostlyEmpty(name: string, size: number) {
  const handle = fs.openSync(name, "wx")
  fs.ftruncateSync(handle, size)
  for (let at = 0; at < size; at += 4 * MIB) fs.writeSync(handle, `part at ${at}`, at)
  fs.closeSync(handle)
}

async function choose(page: Page, file: string) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  await (await chosen).setFiles(file)
}

/** The resident bytes of each component. */
async function memory(browser: Browser, { web, store }: Record<"web" | "store", number[]>) {
  return {
    web: residentBytes(web),
    store: residentBytes(store),
    browser: await browserMemory(browser),
  }
}

/**
 * The process that answers on a port, from the kernel's list: the main process keeps the port open
 * too.
 */
function listenerOf(url: string) {
  const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0")
  const sockets = ["tcp", "tcp6"].flatMap((kind) =>
    fs.readFileSync(`/proc/net/${kind}`, "utf8").split("\n").slice(1),
  )
  const listening = sockets
    .map((line) => line.trim().split(/\s+/))
    .find(([, local = "", , state]) => local.endsWith(`:${port}`) && state === "0A")
  const inode = `socket:[${listening?.[9]}]`
  const pid = fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find((name) => opens(name, inode) && !/server\/start\.ts/.test(commandOf(name)))
  if (!listening || !pid) throw new Error(`nothing listens at ${url}`)
  return Number(pid)
}

const commandOf = (pid: string) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8")

function opens(pid: string, inode: string) {
  try {
    const folder = `/proc/${pid}/fd`
    return fs.readdirSync(folder).some((name) => fs.readlinkSync(`${folder}/${name}`) === inode)
  } catch {
    return false // of another user, or ended
  }
}
