import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { chromium } from "@playwright/test"
import { findChromium } from "#testing/programs/find-chromium.ts"

type Message = { id?: number; method?: string; params?: Params; result?: Params; error?: unknown }
type Params = Record<string, unknown>

/**
 * Chromium with a profile on the disk, driven by a few commands of its DevTools protocol, for
 * measurements. Playwright watches the network of every page: the renderer then keeps up to 200 MB
 * of encoded bodies and spends processor time on them, which would distort the figures.
 */
export async function launchPlain() {
  const profile = mkdtempSync(path.join(tmpdir(), "lapse-profile-"))
  const downloads = path.join(profile, "downloads")
  const child = spawn(findChromium(console.log) ?? chromium.executablePath(), optionsOf(profile), {
    stdio: ["ignore", "ignore", "pipe"],
  })
  const protocol = await connect(await addressIn(child.stderr))
  await protocol.send("Browser.setDownloadBehavior", {
    behavior: "allowAndName",
    downloadPath: downloads,
    eventsEnabled: true,
  })

  async function processes() {
    const { processInfo } = await protocol.send("SystemInfo.getProcessInfo")
    return processInfo as { id: number; type: string }[]
  }

  return {
    processes,
    open: (url: string) => openPage(protocol, url, downloads),
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve))
      await Promise.race([protocol.send("Browser.close"), ended])
      await ended
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export type PlainBrowser = Awaited<ReturnType<typeof launchPlain>>
export type PlainPage = Awaited<ReturnType<PlainBrowser["open"]>>

const optionsOf = (profile: string) => [
  "--headless=new",
  "--remote-debugging-port=0",
  `--user-data-dir=${profile}`,
  "--no-first-run",
  "--disable-gpu",
  "--disable-background-networking",
  // Nothing can operate the picker, so the page uses its fallback.
  "--disable-blink-features=FileSystemAccessLocal",
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "about:blank",
]

function addressIn(output: NodeJS.ReadableStream) {
  return new Promise<string>((resolve, reject) => {
    let text = ""
    output.on("data", (chunk) => {
      text += chunk
      const [address] = /ws:\/\/\S+/.exec(text) ?? []
      if (address) resolve(address)
    })
    output.once("end", () => reject(new Error(`Chromium did not start: ${text}`)))
  })
}

async function connect(address: string) {
  const socket = new WebSocket(address)
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }))
  const pending = new Map<number, (message: Message) => void>()
  const listeners = new Set<(method: string, params: Params) => void>()
  let lastId = 0
  socket.addEventListener("message", ({ data }) => {
    const message: Message = JSON.parse(String(data))
    if (message.id !== undefined) pending.get(message.id)?.(message)
    else for (const listen of listeners) listen(message.method ?? "", message.params ?? {})
  })
  return {
    listeners,
    async send(method: string, params: Params = {}, sessionId?: string): Promise<Params> {
      const id = ++lastId
      const answered = new Promise<Message>((resolve) => pending.set(id, resolve))
      socket.send(JSON.stringify({ id, method, params, sessionId }))
      const { result, error } = await answered
      pending.delete(id)
      if (error) throw new Error(`${method}: ${JSON.stringify(error)}`)
      return result ?? {}
    },
  }
}

type Protocol = Awaited<ReturnType<typeof connect>>

async function openPage({ send, listeners }: Protocol, url: string, downloads: string) {
  const { targetId } = await send("Target.createTarget", { url })
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true })

  /** The value of an expression, evaluated as after a click of the visitor. */
  async function evaluate<Value>(expression: string): Promise<Value> {
    const asked = { expression, awaitPromise: true, returnByValue: true, userGesture: true }
    const { result, exceptionDetails } = await send("Runtime.evaluate", asked, String(sessionId))
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return (result as { value: Value }).value
  }

  async function until(expression: string) {
    while (!(await evaluate(expression))) await sleep(50)
  }
  await until('document.readyState === "complete" && location.href !== "about:blank"')

  return {
    evaluate,
    until,
    /** Waits for a button whose text begins like this, and clicks it. */
    async click(text: string) {
      const button = `[...document.querySelectorAll("button")].find(({ textContent, disabled }) =>
        !disabled && textContent.trim().startsWith(${JSON.stringify(text)}))`
      await until(`${button} !== undefined`)
      await evaluate(`${button}.click()`)
    },
    untilText: (text: string) =>
      until(`document.body.textContent.includes(${JSON.stringify(text)})`),
    /** Resolves with the path of the browser's next download when it is complete. */
    nextDownload() {
      return new Promise<string>((resolve, reject) => {
        const listen = (method: string, { guid, state }: Params) => {
          if (method !== "Browser.downloadProgress" || state === "inProgress") return
          listeners.delete(listen)
          if (state === "completed") resolve(path.join(downloads, String(guid)))
          else reject(new Error(`the download was ${state}`))
        }
        listeners.add(listen)
      })
    },
    /** Deletes the origin's data in the browser, and closes the page. */
    async close() {
      const asked = { origin: new URL(url).origin, storageTypes: "all" }
      await send("Storage.clearDataForOrigin", asked, String(sessionId))
      await send("Target.closeTarget", { targetId })
    },
  }
}
