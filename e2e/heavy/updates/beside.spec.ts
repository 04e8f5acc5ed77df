import type { Page } from "@playwright/test"
import { lastVersion, migrationsOf, noLastVersion } from "#testing/lapse/last-version.ts"
import { MIB } from "#testing/units.ts"
import { randomFile } from "../../files/random-file.ts"
import { expect } from "../../fixtures.ts"
import { ADMIN } from "../../installation/own-installation.ts"
import { isSignedIn, type ShareView, signInClient } from "../../member-client.ts"
import { test } from "./shared-place.ts"
import { startInSteps } from "./upload-in-steps.ts"
import { startClicking, takeTicket } from "./visits.ts"

const LIMIT = 5_000
const PASSWORD = "a harbour"
const isError = (line: string) => /"level":"(error|fatal)"|^\s*⨯|UnhandledPromise/.test(line)

test.skip(noLastVersion !== null, noLastVersion ?? "")

test("two machines of this version replace one of the version before under load: no click fails, every claim is counted once, and uploads go on", async ({
  place,
  start,
  browser,
}) => {
  test.setTimeout(1_200_000)
  const { settings, proxy, storeProxy, query } = place
  const old = await start(settings, await lastVersion())
  proxy.serve([old.url])
  const member = await signInClient(proxy.url, ADMIN)
  const context = await browser.newContext({
    baseURL: proxy.url,
    storageState: await member.context.storageState(),
  })
  const [plain, few, locked, revoked, closing] = [
    await member.share("plain.pdf"),
    await member.share("few.pdf", { maxDownloads: LIMIT }),
    await member.share("locked.pdf", { maxDownloads: 1, password: PASSWORD }),
    await member.share("revoked.pdf"),
    await member.share("closing.pdf"),
  ]
  await member.post(`/shares/${revoked.id}/revoke`)
  const ticket = await takeTicket(locked, PASSWORD)
  const all = {
    plain: startClicking(plain, { count: 4 }),
    few: startClicking(few, { pauseMs: 30 }),
    holder: startClicking(locked, { cookie: ticket, pauseMs: 1_000 }),
    locked: startClicking(locked),
    revoked: startClicking(revoked, { pauseMs: 50 }),
    closing: startClicking(closing),
  }
  const failures = () => [...new Set(Object.values(all).flatMap(({ failed }) => failed))]
  const more = async (count: number) => {
    const from = all.plain.granted
    await expect.poll(() => all.plain.granted, { timeout: 60_000 }).toBeGreaterThan(from + count)
  }
  await more(100)
  const inSteps = await startInSteps(member, "survey.bin", 20 * MIB)
  await inSteps.sendPart()
  const film = randomFile("film.mov", 120 * MIB)
  storeProxy.limitRate(MIB)
  const page = await context.newPage()
  page.on("dialog", (dialog) => dialog.dismiss()) // pages of 0.2.0 ask before they reload
  await upload(page, film.path)
  const uploaded = page
    .getByRole("region", { name: "Uploads", exact: true })
    .getByText("Uploaded", { exact: true })
  const parts = () => storeProxy.puts.filter(({ part, stored }) => part > 0 && stored).length
  await expect.poll(parts, { timeout: 60_000 }).toBeGreaterThan(1) // the first is of the other upload
  const small = uploadUntilStopped((name) => member.upload(name, Buffer.from(name)))

  // Started together: one of them applies the migrations.
  const machines = await Promise.all([start(settings), start(settings)])
  expect(failures()).toEqual([])
  proxy.serve([old, ...machines].map(({ url }) => url))
  await more(200)
  await inSteps.sendPart()
  proxy.serve(machines.map(({ url }) => url))
  await expect(await member.post(`/shares/${closing.id}/revoke`)).toBeOK()
  await all.closing.stop()
  const granted = all.closing.granted
  const closed = startClicking(closing)
  const ended = await old.stop()
  await more(200)

  expect(ended).toBe(0)
  await expect(uploaded).toHaveCount(0)
  storeProxy.limitRate(null)
  while (inSteps.left() > 0) await inSteps.sendPart()
  expect(await inSteps.finish()).toMatchObject({ status: "ready", size: 20 * MIB })
  await expect(uploaded).toHaveCount(1, { timeout: 60_000 })
  const { items } = await (await member.get("/files?sort=-size")).json()
  expect(items).toContainEqual(
    expect.objectContaining({ name: "film.mov", status: "ready", sha256: film.sha256 }),
  )
  expect(await small.stop()).toBeGreaterThan(5)
  await Promise.all(Object.values(all).map((visits) => visits.stop()))
  await closed.stop()
  const rest = startClicking(few, { pauseMs: 0, count: 16 })
  await expect.poll(() => rest.refused, { timeout: 120_000 }).toBeGreaterThan(20)
  await rest.stop()

  expect([...failures(), ...closed.failed, ...rest.failed]).toEqual([])
  expect(all.plain.granted).toBeGreaterThan(500)
  expect(all.revoked.granted + closed.granted + all.locked.granted).toBe(0)
  expect(all.holder.refused).toBe(0)
  expect(all.few.granted + rest.granted).toBe(LIMIT)
  const counted = async (share: ShareView) => {
    const [events] = await query<{ count: number }>(
      "SELECT count(*)::int FROM event WHERE share_id = $1 AND kind = 'claim'",
      [share.id],
    )
    return { downloads: (await member.readShare(share.id)).downloads, events: events?.count }
  }
  const each = (count: number) => ({ downloads: count, events: count })
  expect(await counted(plain)).toEqual(each(all.plain.granted))
  expect(await counted(few)).toEqual(each(LIMIT))
  expect(await counted(locked)).toEqual(each(1))
  expect(await counted(closing)).toEqual(each(granted))
  expect(await counted(revoked)).toEqual(each(0))
  expect(await isSignedIn(member.context)).toBe(true)
  const applied = await query<{ name: string }>(
    "SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1",
  )
  expect(applied.map(({ name }) => name)).toEqual(migrationsOf().sort())
  expect([old, ...machines].flatMap((machine) => machine.lines().filter(isError))).toEqual([])

  film.remove()
  await context.close()
  await member.context.dispose()
})

async function upload(page: Page, file: string) {
  await page.goto("/shares")
  const chosen = page.waitForEvent("filechooser")
  await page.getByRole("button", { name: "Choose files" }).click()
  await (await chosen).setFiles(file)
}

/** Uploads one small file after another; `stop` returns their number. */
function uploadUntilStopped(work: (name: string) => Promise<unknown>) {
  let stopped = false
  let count = 0
  const run = async () => {
    while (!stopped) await work(`small ${count++}.txt`)
  }
  const running = run()
  running.catch(() => {}) // `stop` throws it
  return {
    async stop() {
      stopped = true
      await running
      return count
    },
  }
}
