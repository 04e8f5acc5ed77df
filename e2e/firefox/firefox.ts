import fs from "node:fs"
import path from "node:path"
import { test as base, expect } from "@playwright/test"
import puppeteer, { type Browser, type Page } from "puppeteer-core"

const ESR = "/usr/bin/firefox-esr"
const program = process.env.LAPSE_TEST_FIREFOX || (fs.existsSync(ESR) ? ESR : null)

/** The reason why stories in Firefox are skipped, for `test.skip`. */
export const withoutFirefox = [
  program === null,
  "Firefox is not on this machine: apt-get install firefox-esr, or set LAPSE_TEST_FIREFOX to it.",
] as const

/** A page with separate storage, cookies and download folder. */
export type Person = {
  page: Page
  /** Waits until the browser has written the download with this name; returns its path. */
  downloaded: (name: string) => Promise<string>
}

type Fixtures = {
  /** Problems that Firefox may report in this story. */
  allowedInFirefox: RegExp[]
  /** Opens Firefox for another person. */
  person: () => Promise<Person>
  /** An installed Firefox, driven over WebDriver BiDi. */
  firefox: Browser
}

export const test = base.extend<Fixtures>({
  // Not of a worker: a worker with other fixtures starts an installation of its own.
  firefox: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const firefox = await puppeteer.launch({
        browser: "firefox",
        executablePath: program ?? "",
        extraPrefsFirefox: { "intl.accept_languages": "en-GB, en" },
      })
      await use(firefox)
      await firefox.close()
    },
    { timeout: 60_000 },
  ],

  allowedInFirefox: [[], { option: true }],

  person: async ({ firefox, allowedInFirefox }, use, testInfo) => {
    const problems: string[] = []
    const pages: Page[] = []
    await use(async () => {
      const downloadPath = testInfo.outputPath(`downloads-${pages.length}`)
      fs.mkdirSync(downloadPath, { recursive: true })
      const context = await firefox.createBrowserContext({
        downloadBehavior: { policy: "allow", downloadPath },
      })
      const page = await context.newPage()
      pages.push(page)
      watch(page, problems)
      return { page, downloaded: (name) => untilWritten(downloadPath, name) }
    })
    for (const page of pages) await page.browserContext().close()
    const unexpected = problems.filter(
      (problem) => !allowedInFirefox.some((pattern) => pattern.test(problem)),
    )
    expect(unexpected, "no problem is reported").toEqual([])
  },
})

/** Finds an element by its role and its full accessible name. */
export const byRole = (page: Page, role: string, name: string) =>
  page.locator(`::-p-aria([name="${name}"][role="${role}"])`)

/** Finds a button by a part of its text. */
export const button = (page: Page, text: string) => page.locator(`button::-p-text(${text})`)

/** Waits until the page shows this text. */
export function expectText(page: Page, text: string | RegExp, timeout = 30_000) {
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text does not count
  const shown = () => page.evaluate(() => document.body.innerText)
  return expect.poll(shown, { timeout }).toMatch(text)
}

function watch(page: Page, problems: string[]) {
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`)
  })
  page.on("pageerror", (error) => problems.push(`page error: ${error}`))
}

/**
 * Waits until Firefox has renamed its .part file, which exists beside an empty file with the final
 * name.
 */
async function untilWritten(folder: string, name: string) {
  const file = path.join(folder, name)
  const state = () => {
    const names = fs.readdirSync(folder)
    const isUnderWay = names.some((each) => each.endsWith(".part"))
    return names.includes(name) && fs.statSync(file).size > 0 && !isUnderWay ? "written" : names
  }
  await expect.poll(state, { timeout: 60_000 }).toBe("written")
  return file
}
