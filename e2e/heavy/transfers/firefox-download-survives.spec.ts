import { mergeTests } from "@playwright/test"
import type { Page } from "puppeteer-core"
import { MIB } from "#testing/units.ts"
import { uploadFromDisk } from "../../files/large-file.ts"
import { randomFile, sha256OfFile } from "../../files/random-file.ts"
import { byRole, expectText, test as inFirefox, withoutFirefox } from "../../firefox/firefox.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import { type FaultyProxy, openFaultyProxy } from "../../network/faulty-proxy.ts"

const SIZE = 72 * MIB
/** Slow enough that the URL expires during the download. */
const RATE = SIZE / 24

type Fixtures = { storeProxy: FaultyProxy; film: ReturnType<typeof randomFile> }

const test = mergeTests(ownInstallation, inFirefox).extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  storeProxy: async ({}, use) => {
    const storeProxy = await openFaultyProxy()
    await use(storeProxy)
    await storeProxy.close()
  },
  settings: ({ storeProxy }, use) =>
    use({ S3_PUBLIC_ENDPOINT: storeProxy.url, MINT_TTL_SECONDS: "15" }),
  own: async ({ own, storeProxy }, use) => {
    storeProxy.forwardTo(own.storeUrl)
    await use(own)
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  film: async ({}, use) => {
    const film = randomFile("film.mov", SIZE)
    await use(film)
    film.remove()
  },
})

test.skip(...withoutFirefox)
test.use({ allowedInFirefox: [/CORS request did not succeed/] })

test("in Firefox a large download survives a lost connection, an expired URL and a reload, as one claim", async ({
  member,
  film,
  person,
  storeProxy,
}) => {
  test.setTimeout(180_000)
  const { id } = await uploadFromDisk(member, "film.mov", film)
  const share = await member.shareFiles([id])
  const { page, downloaded } = await person()
  await page.goto(share.url)
  storeProxy.limitRate(RATE)
  await byRole(page, "button", "Resumable download").click()
  await arrived(page, 15)

  storeProxy.disconnect()
  await expectText(page, /resumes automatically/, 60_000)
  storeProxy.reconnect()
  await arrived(page, 60)

  const addresses = new Set(storeProxy.gets.map(({ address }) => address))
  expect(addresses.size, "the first address has lapsed").toBeGreaterThan(1)

  await page.reload()
  await expectText(page, "Paused.")
  const part = (await percent(page)) / 100
  expect(part, "what was shown is still there").toBeGreaterThanOrEqual(0.6)
  const before = sentBy(storeProxy)
  storeProxy.limitRate(null)
  await byRole(page, "button", "Resume").click()
  await expectText(page, /Complete and verified/, 60_000)
  await expectText(page, film.sha256)
  expect(await sha256OfFile(await downloaded("film.mov"))).toBe(film.sha256)

  const after = sentBy(storeProxy) - before
  expect(after, "nothing is fetched twice").toBeLessThan(SIZE * (1 - part) + 2 * MIB)
  expect(new Set(storeProxy.gets.map(({ status }) => status))).toEqual(new Set([206]))
  expect(await member.readShare(share.id)).toMatchObject({ downloads: 1 })
})

const percent = (page: Page) =>
  page.$eval("[role=progressbar]", (bar) => Number(bar.getAttribute("aria-valuenow")))

const arrived = (page: Page, part: number) =>
  expect.poll(() => percent(page).catch(() => 0), { timeout: 60_000 }).toBeGreaterThanOrEqual(part)

const sentBy = ({ gets }: FaultyProxy) => gets.reduce((sum, { sent }) => sum + sent, 0)
