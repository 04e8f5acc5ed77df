import { type Page, request } from "@playwright/test"
import { click, open } from "./click.ts"
import { type FaultyProxy, openFaultyProxy, type Seen } from "./faulty-proxy.ts"
import { expect } from "./fixtures.ts"
import { type FileView, type MemberClient, signInClient } from "./member-client.ts"
import { ADMIN, test as ownInstallation } from "./own-installation.ts"
import { randomFile, sha256Of } from "./random-file.ts"

const MiB = 1024 ** 2
/** As many parts of a file as are on their way at the same time. */
const IN_FLIGHT = 4

type Fixtures = {
  road: FaultyProxy
  member: MemberClient
  page: Page
  film: ReturnType<typeof randomFile>
}

const test = ownInstallation.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  road: async ({}, use) => {
    const road = await openFaultyProxy()
    await use(road)
    await road.close()
  },
  settings: ({ road }, use) => use({ S3_PUBLIC_ENDPOINT: road.url }),
  member: async ({ own, road }, use) => {
    road.leadTo(own.storeUrl)
    const member = await signInClient(own.url, ADMIN)
    await use(member)
    await member.context.dispose()
  },
  page: async ({ browser, own, member }, use) => {
    const context = await browser.newContext({
      baseURL: own.url,
      storageState: await member.context.storageState(),
    })
    const page = await context.newPage()
    await page.goto("/shares")
    await use(page)
    await context.close()
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  film: async ({}, use) => {
    const film = randomFile("film.mov", 300 * MiB)
    await use(film)
    film.remove()
  },
})

test.setTimeout(240_000)

test("a large file arrives whole over a network that drops, refuses, delays and is gone for 20 seconds", async ({
  page,
  road,
  member,
  film,
}) => {
  road.limit(30 * MiB)
  road.meet({
    2: { drop: 2 * MiB },
    5: { status: 500 },
    8: { status: 503 },
    11: { delayMs: 3_000 },
    14: { status: 403 },
    17: { drop: 100_000 },
  })
  await choose(page, film.path)
  await expect.poll(() => arrivedParts(road.seen).length, { timeout: 60_000 }).toBeGreaterThan(16)

  road.cut()
  await page.context().setOffline(true)
  await expect(page.getByText(/connection/i).first()).toBeVisible()
  await page.waitForTimeout(20_000)
  road.mend()
  await page.context().setOffline(false)

  await stored(page)
  const file = await onlyFile(member)
  expect(file).toMatchObject({ name: "film.mov", size: film.size, status: "ready" })
  expect(file.sha256).toBe(film.sha256)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(sentAgainUnharmed(road.seen), "only parts that were hit are sent twice").toEqual([])
  expect(road.seen.filter(({ hit }) => hit).length).toBeGreaterThanOrEqual(5)
})

test("after a reload half way the upload goes on where it was", async ({
  page,
  road,
  member,
  film,
}) => {
  road.limit(30 * MiB)
  await choose(page, film.path)
  await halfWay(road, film.size)

  const asked = page.waitForEvent("dialog")
  const reloaded = page.reload()
  const dialog = await asked
  expect(dialog.type(), "the tab asks before it is closed").toBe("beforeunload")
  await dialog.accept()
  await reloaded
  const before = arrivedParts(road.seen)
  await expect(page.getByText("film.mov")).toBeVisible()
  road.limit(null)
  await choose(page, film.path)

  await stored(page)
  const file = await onlyFile(member)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(file.sha256).toBe(film.sha256)
  const total = Math.ceil(film.size / (8 * MiB))
  expect(new Set(arrivedParts(road.seen)).size).toBe(total)
  expect(sentAgain(road.seen), "at most the parts in flight are sent again").toBeLessThanOrEqual(
    IN_FLIGHT,
  )
  expect(before.length).toBeGreaterThan(total / 3)
})

test("an upload goes on by itself after the server was killed half way and started again", async ({
  page,
  own,
  road,
  member,
  film,
}) => {
  road.limit(30 * MiB)
  await choose(page, film.path)
  await halfWay(road, film.size)

  await own.kill()
  await own.start()
  road.limit(null)

  await stored(page)
  const file = await onlyFile(member)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(sentAgain(road.seen), "at most the parts in flight are sent again").toBeLessThanOrEqual(
    IN_FLIGHT,
  )
})

async function choose(page: Page, file: string) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  await (await chosen).setFiles(file)
}

async function stored(page: Page) {
  const uploads = page.getByRole("region", { name: "Uploads" })
  await expect(uploads.getByText("Stored", { exact: true })).toHaveCount(1, { timeout: 120_000 })
}

const halfWay = (road: FaultyProxy, size: number) =>
  expect
    .poll(() => arrivedParts(road.seen).length, { timeout: 60_000 })
    .toBeGreaterThan(size / (8 * MiB) / 2)

const arrivedParts = (seen: Seen[]) => seen.filter(({ arrived }) => arrived).map(({ part }) => part)

const sentAgain = (seen: Seen[]) => arrivedParts(seen).length - new Set(arrivedParts(seen)).size

/** Parts that were sent more than once although nothing had befallen them. */
function sentAgainUnharmed(seen: Seen[]) {
  return [...Map.groupBy(seen, ({ part }) => part)]
    .filter(([, puts]) => puts.slice(0, -1).some(({ hit }) => !hit))
    .map(([part]) => part)
}

async function onlyFile(member: MemberClient) {
  const { items } = await (await member.get("/files")).json()
  expect(items).toHaveLength(1)
  return items[0] as FileView & { sha256: string }
}

/** SHA-256 of what a visitor gets. */
async function bytesOf(member: MemberClient, file: FileView) {
  const share = await member.shareFiles([file.id])
  const visitor = await request.newContext({ baseURL: new URL(share.url).origin, maxRedirects: 0 })
  await open(visitor, share)
  const answer = await click(visitor, share)
  await visitor.dispose()
  return sha256Of(answer.headers().location ?? "")
}
