import { gzipSync } from "node:zlib"
import { type Browser, devices } from "@playwright/test"
import { fetchAsBrowser } from "./browser-request.ts"

/** Bytes before and after compression. */
export type Size = { raw: number; compressed: number }

export type PageWeight = {
  html: Size
  /** Files of JavaScript that the page loads without an action of the user. */
  scripts: Size
  scriptFiles: number
  /** JavaScript between the tags of the page, counted in `html` too. */
  inlineScripts: Size
  styles: Size
  fonts: Size
  /** All other files that the page loads without an action of the user. */
  other: Size
  /** Paths of large files that came without Content-Encoding: their figure is gzip -9. */
  uncompressed: string[]
}

/** Servers send smaller answers uncompressed, and font files are compressed already. */
const WORTH_COMPRESSING = 1024

/**
 * Measures the files that a browser loads for an address until its network is idle. Chromium finds
 * the addresses; each is fetched again to count its bytes as they were sent.
 */
export async function weighPage(browser: Browser, url: string): Promise<PageWeight> {
  const weight: PageWeight = {
    html: { raw: 0, compressed: 0 },
    scripts: { raw: 0, compressed: 0 },
    scriptFiles: 0,
    inlineScripts: { raw: 0, compressed: 0 },
    styles: { raw: 0, compressed: 0 },
    fonts: { raw: 0, compressed: 0 },
    other: { raw: 0, compressed: 0 },
    uncompressed: [],
  }
  for (const [address, resourceType] of await listLoaded(browser, url)) {
    const { body, sentBytes, encoding } = await fetchAsBrowser(address)
    const group = groupOf(resourceType)
    const isPlain = encoding === "" && group !== "fonts" && body.length > WORTH_COMPRESSING
    if (isPlain) weight.uncompressed.push(new URL(address).pathname)
    weight[group].raw += body.length
    weight[group].compressed += isPlain ? gzipBytes(body) : sentBytes
    if (group === "scripts") weight.scriptFiles += 1
    if (group === "html") {
      const text = inlineScripts(body.toString("utf8"))
      weight.inlineScripts = { raw: Buffer.byteLength(text), compressed: gzipBytes(text) }
    }
  }
  return weight
}

/** Addresses with the resource type that Chromium gives them. */
async function listLoaded(browser: Browser, url: string) {
  const loaded = new Map<string, string>()
  const page = await browser.newPage({ userAgent: devices["Desktop Chrome"].userAgent })
  page.on("response", (response) => {
    loaded.set(response.url(), response.request().resourceType())
  })
  await page.goto(url, { waitUntil: "networkidle" })
  await page.close()
  return loaded
}

function groupOf(resourceType: string) {
  switch (resourceType) {
    case "document":
      return "html"
    case "script":
      return "scripts"
    case "stylesheet":
      return "styles"
    case "font":
      return "fonts"
    default:
      return "other"
  }
}

/** The text of all scripts without an address, except data in JSON. */
function inlineScripts(html: string) {
  return [...html.matchAll(/<script\b([^>]*)>(.*?)<\/script>/gs)]
    .filter(([, attributes = ""]) => !/\ssrc=|\stype="application\/(ld\+)?json"/.test(attributes))
    .map(([, , text = ""]) => text)
    .join("\n")
}

function gzipBytes(content: string | Buffer) {
  return content.length === 0 ? 0 : gzipSync(content, { level: 9 }).length
}
