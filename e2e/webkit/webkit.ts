import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import path from "node:path"
import { test as base, expect } from "@playwright/test"
import { freePort } from "#testing/programs/daemons.ts"
import { startSession, type WebDriverSession } from "./web-driver.ts"

const browser = process.env.LAPSE_TEST_WEBKIT

/** The reason why stories in WebKit are skipped, for `test.skip`. */
export const withoutWebKit = [
  !browser,
  "WebKit's driver is not on this machine: apt-get install webkit2gtk-driver xvfb.",
] as const

/** A browser with separate storage, cookies and download folder. */
export type Person = WebDriverSession & {
  /** Waits until the visible text of the page matches. */
  sees: (text: string | RegExp, timeout?: number) => Promise<void>
  /** Presses the button or link whose text or label contains this. */
  press: (name: string) => Promise<void>
  /** Waits until the browser has written the download with this name; returns its path. */
  downloaded: (name: string) => Promise<string>
}

type Fixtures = {
  /** Opens WebKit for another person. */
  person: () => Promise<Person>
}

type WorkerFixtures = {
  /** The display that the windows open on, such as ":97". */
  display: string
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  display: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const args = ["-displayfd", "3", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
      const server = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] })
      const [number] = await once(server.stdio[3] ?? server, "data")
      await use(`:${String(number).trim()}`)
      await end(server)
    },
    { scope: "worker", timeout: 60_000 },
  ],

  person: async ({ display }, use, testInfo) => {
    const closing: (() => Promise<void>)[] = []
    await use(async () => {
      // The driver saves downloads in the folder that it was started from.
      const folder = testInfo.outputPath(`person-${closing.length}`)
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
      const port = await freePort()
      const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
        cwd: folder,
        env: environment(display, folder),
        stdio: "ignore",
      })
      const session = await startSession(`http://127.0.0.1:${port}`, {
        browserName: "MiniBrowser",
        // Clicks wait for their element.
        timeouts: { implicit: 10_000 },
        "webkitgtk:browserOptions": { binary: browser, args: ["--automation"] },
      })
      closing.push(async () => {
        await session.close().catch(() => {})
        await end(driver)
      })
      return { ...session, ...actions(session, folder) }
    })
    for (const close of closing) await close()
  },
})

function actions(session: WebDriverSession, folder: string) {
  const text = () => session.evaluate<string>("return document.body.innerText")
  return {
    async sees(wanted: string | RegExp, timeout = 30_000) {
      const shown = () => text().catch(() => "")
      if (typeof wanted === "string") await expect.poll(shown, { timeout }).toContain(wanted)
      else await expect.poll(shown, { timeout }).toMatch(wanted)
    },
    press: (name: string) => session.click(control(name)),
    async downloaded(name: string) {
      const file = path.join(folder, name)
      await expect.poll(() => isWritten(file), { timeout: 60_000 }).toBe(true)
      return file
    },
  }
}

/** Selects visible buttons and links whose text or label contains this. */
const control = (name: string) =>
  `//*[self::button or self::a][contains(normalize-space(.), "${name}") or contains(@aria-label, "${name}")]`

const isWritten = (file: string) =>
  fs.existsSync(file) && fs.statSync(file).size > 0 && !fs.existsSync(`${file}.wkdownload`)

const environment = (display: string, home: string) => ({
  ...process.env,
  LANG: "en_GB.UTF-8",
  DISPLAY: display,
  HOME: home,
  XDG_RUNTIME_DIR: home,
  // Root has no user namespaces for the sandbox, and Xvfb no graphics card.
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
  LIBGL_ALWAYS_SOFTWARE: "1",
  WEBKIT_DISABLE_DMABUF_RENDERER: "1",
})

async function end(child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, "exit")
  child.kill()
  await ended
}
