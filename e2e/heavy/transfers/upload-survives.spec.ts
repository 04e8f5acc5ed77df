import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { type Page, request } from "@playwright/test"
import { MIB } from "#testing/units.ts"
import { randomFile, sha256OfUrl } from "../../files/random-file.ts"
import { expect } from "../../fixtures.ts"
import { test as ownInstallation } from "../../installation/own-installation.ts"
import { type FileView, type MemberClient, read } from "../../member-client.ts"
import { type FaultyProxy, openFaultyProxy, type PutRecord } from "../../network/faulty-proxy.ts"
import { click, open } from "../../network/send-click.ts"
import { installCommand } from "../../programs/run-command.ts"

/** The number of parts of a file that are uploaded at the same time. */
const IN_FLIGHT = 4

type Fixtures = {
  storeProxy: FaultyProxy
  page: Page
  film: ReturnType<typeof randomFile>
}

const test = ownInstallation.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  storeProxy: async ({}, use) => {
    const storeProxy = await openFaultyProxy()
    await use(storeProxy)
    await storeProxy.close()
  },
  settings: ({ storeProxy }, use) => use({ S3_PUBLIC_ENDPOINT: storeProxy.url }),
  own: async ({ own, storeProxy }, use) => {
    storeProxy.forwardTo(own.storeUrl)
    await use(own)
  },
  page: async ({ memberPage }, use) => {
    await memberPage.goto("/shares")
    await use(memberPage)
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  film: async ({}, use) => {
    const film = randomFile("film.mov", 300 * MIB)
    await use(film)
    film.remove()
  },
})

test.setTimeout(240_000)

test("a large file is uploaded unchanged over a network that drops, refuses, delays and fails for 20 seconds", async ({
  page,
  storeProxy,
  member,
  film,
}) => {
  storeProxy.limitRate(30 * MIB)
  storeProxy.injectFaults({
    2: { drop: 2 * MIB },
    5: { status: 500 },
    8: { status: 503 },
    11: { delayMs: 3_000 },
    14: { status: 403 },
    17: { drop: 100_000 },
  })
  await choose(page, film.path)
  await expect
    .poll(() => storedParts(storeProxy.puts).length, { timeout: 60_000 })
    .toBeGreaterThan(16)

  storeProxy.disconnect()
  await page.context().setOffline(true)
  await expect(page.getByText(/connection/i).first()).toBeVisible()
  await page.waitForTimeout(20_000)
  storeProxy.reconnect()
  await page.context().setOffline(false)

  await stored(page)
  const file = await onlyFile(member)
  expect(file).toMatchObject({ name: "film.mov", size: film.size, status: "ready" })
  expect(file.sha256).toBe(film.sha256)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(sentAgainUndisturbed(storeProxy.puts), "only disturbed parts are sent twice").toEqual([])
  expect(storeProxy.puts.filter(({ disturbed }) => disturbed).length).toBeGreaterThanOrEqual(5)
})

test("after a reload the upload continues where it was", async ({
  page,
  storeProxy,
  member,
  film,
}) => {
  storeProxy.limitRate(30 * MIB)
  await choose(page, film.path)
  await halfWay(storeProxy, film.size)

  const asked = page.waitForEvent("dialog")
  const reloaded = page.reload()
  const dialog = await asked
  expect(dialog.type(), "the tab asks before it is closed").toBe("beforeunload")
  await dialog.accept()
  await reloaded
  const before = storedParts(storeProxy.puts)
  const unfinished = page.getByRole("list", { name: /unfinished upload/ })
  await expect(unfinished.getByText("film.mov")).toBeVisible()
  storeProxy.limitRate(null)
  await choose(page, film.path)

  await stored(page)
  const file = await onlyFile(member)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(file.sha256).toBe(film.sha256)
  const total = Math.ceil(film.size / (8 * MIB))
  expect(new Set(storedParts(storeProxy.puts)).size).toBe(total)
  expect(
    sentAgain(storeProxy.puts),
    "at most the parts in flight are sent again",
  ).toBeLessThanOrEqual(IN_FLIGHT)
  expect(before.length).toBeGreaterThan(total / 3)
})

test("an upload continues by itself after the server was killed and restarted", async ({
  page,
  own,
  storeProxy,
  member,
  film,
}) => {
  storeProxy.limitRate(30 * MIB)
  await choose(page, film.path)
  await halfWay(storeProxy, film.size)

  await own.kill()
  await own.start()
  storeProxy.limitRate(null)

  await stored(page)
  const file = await onlyFile(member)
  expect(await bytesOf(member, file)).toBe(film.sha256)
  expect(
    sentAgain(storeProxy.puts),
    "at most the parts in flight are sent again",
  ).toBeLessThanOrEqual(IN_FLIGHT)
})

test("the command's upload survives its own kill and one of the server", async ({
  own,
  storeProxy,
  member,
  film,
}) => {
  const scopes = ["files:read", "files:write", "shares:read", "shares:write"]
  const made = await member.post("/tokens", { name: "Build server", scopes })
  const { token } = await read<{ token: string }>(made, 201)
  const command = await installCommand(own.url, { LAPSE_URL: own.url, LAPSE_TOKEN: token })
  const share = ["share", film.path, "--early"]
  storeProxy.limitRate(30 * MIB)

  const first = command.start(share)
  await expect
    .poll(() => storedParts(storeProxy.puts).length, { timeout: 60_000 })
    .toBeGreaterThan(8)
  first.kill()
  await first.ended
  const second = command.start(share)
  await halfWay(storeProxy, film.size)
  await own.kill()
  await own.start()
  storeProxy.limitRate(null)

  expect(await second.ended).toMatchObject({ code: 0, out: first.said.out })
  const file = await onlyFile(member)
  expect(file.sha256).toBe(film.sha256)
  const link = second.said.out.trim()
  expect(await command.run("get", link)).toMatchObject({ code: 0 })
  const got = await readFile(path.join(command.folder, "film.mov"))
  expect(createHash("sha256").update(got).digest("hex")).toBe(film.sha256)
  expect(
    sentAgain(storeProxy.puts),
    "at most the parts in flight are sent again, after each",
  ).toBeLessThanOrEqual(2 * IN_FLIGHT)
  await command.remove()
})

async function choose(page: Page, file: string) {
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  await (await chosen).setFiles(file)
}

async function stored(page: Page) {
  const uploads = page.getByRole("region", { name: "Uploads", exact: true })
  await expect(uploads.getByText("Uploaded", { exact: true })).toHaveCount(1, { timeout: 120_000 })
}

const halfWay = (storeProxy: FaultyProxy, size: number) =>
  expect
    .poll(() => storedParts(storeProxy.puts).length, { timeout: 60_000 })
    .toBeGreaterThan(size / (8 * MIB) / 2)

const storedParts = (puts: PutRecord[]) =>
  puts.filter(({ stored }) => stored).map(({ part }) => part)

const sentAgain = (puts: PutRecord[]) => storedParts(puts).length - new Set(storedParts(puts)).size

/** The parts that were sent again although nothing had disturbed the first PUT. */
function sentAgainUndisturbed(puts: PutRecord[]) {
  return [...Map.groupBy(puts, ({ part }) => part)]
    .filter(([, ofPart]) => ofPart.slice(0, -1).some(({ disturbed }) => !disturbed))
    .map(([part]) => part)
}

async function onlyFile(member: MemberClient) {
  const { items } = await (await member.get("/files")).json()
  expect(items).toHaveLength(1)
  return items[0] as FileView & { sha256: string }
}

/** The SHA-256 of the bytes that a visitor downloads. */
async function bytesOf(member: MemberClient, file: FileView) {
  const share = await member.shareFiles([file.id])
  const visitor = await request.newContext({ baseURL: new URL(share.url).origin, maxRedirects: 0 })
  await open(visitor, share)
  const answer = await click(visitor, share)
  await visitor.dispose()
  return sha256OfUrl(answer.headers().location ?? "")
}
