import { setTimeout as sleep } from "node:timers/promises"
import { type Browser, type CDPSession, devices } from "@playwright/test"

const SLOWER_PROCESSOR = 4
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: 1_600_000 / 8,
  uploadThroughput: 750_000 / 8,
}
const BETWEEN_TAPS_MS = 100
const TOO_LATE_MS = 30_000

/**
 * Opens a link on a phone with an empty cache and taps the main button from the first paint on
 * until the page answers: a POST to the link leaves the browser, or the progress of a ZIP is shown.
 * Returns the milliseconds since the beginning of the navigation.
 */
export async function visitByPhone(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext(devices["Pixel 7"])
  const page = await context.newPage()
  try {
    const session = await context.newCDPSession(page)
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", SLOW_4G)
    await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_PROCESSOR })

    let button: Point | undefined
    await page.exposeFunction("lapseBenchButton", (point: Point) => {
      button = point
    })
    const shown = Promise.withResolvers<number>()
    await page.exposeFunction("lapseBenchShown", shown.resolve)
    await page.addInitScript(watchPage)
    const answered = Promise.race([firstPost(session, url), shown.promise])

    page.goto(url).catch(() => {}) // the download aborts the navigation
    let milliseconds: number | undefined
    answered.then((value) => {
      milliseconds = value
    })
    const endAt = performance.now() + TOO_LATE_MS
    while (milliseconds === undefined) {
      if (performance.now() > endAt) throw new Error(`No tap on ${url} was answered.`)
      if (button) tap(session, button)
      await sleep(BETWEEN_TAPS_MS)
    }
    return milliseconds
  } finally {
    await context.close()
  }
}

type Point = { x: number; y: number }

/** Milliseconds from the request of the page to the first POST to its link, by Chromium's clock. */
function firstPost(session: CDPSession, url: string) {
  let startedAt: number | undefined
  return new Promise<number>((resolve) => {
    session.on("Network.requestWillBeSent", ({ request, timestamp }) => {
      if (request.url === url) startedAt ??= timestamp
      const isAnswer = request.method === "POST" && request.url.startsWith(`${url}/`)
      if (isAnswer && startedAt !== undefined) resolve((timestamp - startedAt) * 1000)
    })
  })
}

/** Sends a tap without waiting: a busy page receives it later, as from a finger. */
function tap(session: CDPSession, point: Point) {
  const touch = (type: "touchStart" | "touchEnd", touchPoints: Point[]) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints }).catch(() => {})
  void touch("touchStart", [point])
  void touch("touchEnd", [])
}

/**
 * Runs in the page: reports from its first paint on the position of the main button and whether a
 * ZIP began.
 */
function watchPage() {
  Reflect.deleteProperty(window, "showSaveFilePicker") // its dialog is the browser's, not the page's
  const report = (name: string, value: unknown) => {
    const exposed: unknown = Reflect.get(window, name)
    if (typeof exposed === "function") exposed(value)
  }
  let known = ""
  const findButton = () => {
    if (document.querySelector("[data-zip-panel] *")) report("lapseBenchShown", performance.now())
    for (const button of document.querySelectorAll("main button")) {
      const { left, top, width, height } = button.getBoundingClientRect()
      if (width === 0 || !/^Download/.test(button.textContent.trim())) continue
      const point = { x: left + width / 2, y: top + height / 2 }
      if (known !== JSON.stringify(point)) report("lapseBenchButton", point)
      known = JSON.stringify(point)
      break
    }
    requestAnimationFrame(findButton)
  }
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName("first-contentful-paint")
    if (paint) findButton()
  }).observe({ type: "paint", buffered: true })
}
