import { existsSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { type Browser, type BrowserContextOptions, test as base } from "@playwright/test"
import pg from "pg"
import { cephOfThisRun } from "#testing/ceph/ceph.ts"
import { findPgBouncer } from "#testing/database/pgbouncer.ts"
import { startPooledDatabase } from "#testing/database/pooled-database.ts"
import { aFile, shareByHand } from "../files/share-a-file.ts"
import { expect } from "../fixtures.ts"
import { makeCephBucket } from "../installation/ceph-bucket.ts"
import { withoutCeph } from "../installation/on-ceph.ts"
import { ADMIN } from "../installation/own-installation.ts"
import { type Installation, startInstallation } from "../installation/start-installation.ts"
import {
  isSignedIn,
  type MemberClient,
  read,
  type ShareView,
  signInClient,
} from "../member-client.ts"
import { downloadBy, downloadPath } from "../network/send-click.ts"
import { openRoundRobin, type RoundRobin } from "./round-robin.ts"

// Two complete installations on one database, which they reach through PgBouncer, and one Ceph,
// behind one URL. Consecutive requests go to alternating installations.

type Pair = {
  proxy: RoundRobin
  instances: [Installation, Installation]
  member: MemberClient
  /** Sends all requests of `work` to one of them. */
  only: <Result>(index: 0 | 1, work: () => Promise<Result>) => Promise<Result>
  query: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>
}

/** Fewer than the connections of both, so that statements share them. */
const POOL_SIZE = 6

const test = base.extend<object, { pair: Pair }>({
  pair: [
    async ({ browserName: _ }, use) => {
      const [ceph, database, proxy] = await Promise.all([
        cephOfThisRun(),
        startPooledDatabase(POOL_SIZE),
        openRoundRobin(),
      ])
      const settings = {
        ...(await makeCephBucket(ceph)),
        APP_URL: proxy.url,
        TRUSTED_PROXIES: "127.0.0.1,::1",
        DATABASE_URL: database.pooledUrl,
        DATABASE_DIRECT_URL: database.directUrl,
        AUTH_SECRET: "an auth secret of two installations that only tests use",
        LINK_SECRET: "a-link-secret-of-two-installations-that-only-tests-use",
        ADMIN_EMAIL: ADMIN.email,
        ADMIN_PASSWORD: ADMIN.password,
      }
      // Started together on an empty database: one of them creates the tables.
      const instances = await Promise.all([
        startInstallation(settings),
        startInstallation(settings),
      ])
      const serveAll = () => proxy.serve(instances.map(({ url }) => url))
      serveAll()
      const client = new pg.Client({ connectionString: database.directUrl })
      await client.connect()
      const member = await signInClient(proxy.url, ADMIN)
      await use({
        proxy,
        instances,
        member,
        only: async (index, work) => {
          proxy.serve([instances[index].url])
          return work().finally(serveAll)
        },
        query: async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
          (await client.query<Row>(text, values)).rows,
      })
      await member.context.dispose()
      await client.end()
      await Promise.all(instances.map((instance) => instance.remove()))
      proxy.close()
      await database.stop()
      await ceph.stop()
    },
    { scope: "worker", timeout: 300_000 },
  ],
})

test.describe.configure({ mode: "serial", timeout: 120_000 })
test.skip(...withoutCeph)
test.skip(!findPgBouncer(), "PgBouncer is not on this machine: Debian's package is `pgbouncer`.")

/** Clicks without JavaScript or cookies; returns whether the click leads to the store. */
async function click(share: ShareView): Promise<number> {
  const answer = await fetch(new URL(downloadPath(share), share.url), {
    method: "POST",
    redirect: "manual",
  })
  await answer.arrayBuffer()
  const leadsToStore = answer.headers.get("location")?.includes("X-Amz-Signature=")
  return answer.status === 303 && !leadsToStore ? 410 : answer.status
}

const times = <Result>(count: number, work: (index: number) => Promise<Result>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))

async function openPage(browser: Browser, { proxy }: Pair, options: BrowserContextOptions = {}) {
  const context = await browser.newContext({ baseURL: proxy.url, ...options })
  return context.newPage()
}

test("signing in, uploading, sharing, opening and revoking work across two installations", async ({
  pair,
  browser,
}) => {
  const page = await openPage(browser, pair)
  await page.goto("/sign-in")
  await page.getByLabel("Email").fill(ADMIN.email)
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password)
  await page.getByRole("button", { name: "Sign in" }).click()
  await page.waitForURL("**/shares")
  const link = await shareByHand(page, [aFile("harbour plan.pdf")])

  const visitor = await openPage(browser, pair)
  await visitor.goto(link)
  const download = await downloadBy(visitor, /^Download/)
  expect(readFileSync(await download.path(), "utf8")).toBe("the bytes of harbour plan.pdf")

  await page.goto("/shares")
  await page.getByRole("link", { name: "harbour plan.pdf" }).first().click()
  await page.getByRole("button", { name: "Revoke…" }).click()
  const question = page.getByRole("alertdialog")
  await question.getByRole("button", { name: "Revoke", exact: true }).click()
  await expect(page.getByText(/You revoked this share on/)).toBeVisible({ timeout: 30_000 })
  expect((await (await openPage(browser, pair)).goto(link))?.status()).toBe(410)
  for (const given of pair.proxy.given()) expect(given).toBeGreaterThan(10)
  for (const each of [page, visitor]) await each.context().close()
})

test("another machine's build of the same sources has the same name", () => {
  const builds = path.join(import.meta.dirname, "../../.next/builds")
  const made = readdirSync(builds).filter((name) =>
    existsSync(path.join(builds, name, "lapse-stamp")),
  )
  expect(made.length).toBeGreaterThan(0)
  for (const folder of made) {
    // The folder's name is a hash of the sources.
    expect(readFileSync(path.join(builds, folder, "BUILD_ID"), "utf8")).toBe(folder)
  }
})

test("a limit is exact across both, and a revoke on one ends clicks on the other at once", async ({
  pair,
}) => {
  const { member, only } = pair
  const limited = await member.share("limited.pdf", { maxDownloads: 7 })
  const statuses = await times(60, () => click(limited))
  expect(statuses.filter((status) => status === 303)).toHaveLength(7)
  expect(statuses.filter((status) => status === 410)).toHaveLength(53)
  expect(await member.readShare(limited.id)).toMatchObject({ downloads: 7, status: "used_up" })

  for (let round = 0; round < 8; round++) {
    const share = await member.share(`round ${round}.pdf`)
    const [here, there] = round % 2 ? ([1, 0] as const) : ([0, 1] as const)
    expect(await only(there, () => click(share))).toBe(303)
    await only(here, () => member.post(`/shares/${share.id}/revoke`))
    expect(await only(there, () => click(share))).toBe(410)
    expect(await only(here, () => member.readShare(share.id))).toMatchObject({ downloads: 1 })
  }
})

test("a cut off ends the URLs of both, and is done once", async ({ pair }) => {
  const { member, query } = pair
  const share = await member.share("cut off.pdf")
  const stopped = { value: false }
  const addresses: { url: string; at: number }[] = []
  const clicking = times(8, async () => {
    while (!stopped.value) {
      const answer = await fetch(new URL(downloadPath(share), share.url), {
        method: "POST",
        redirect: "manual",
      })
      const url = answer.headers.get("location") ?? ""
      if (url.includes("X-Amz-Signature=")) addresses.push({ url, at: Date.now() })
      await answer.arrayBuffer()
    }
  })
  await expect.poll(() => addresses.length).toBeGreaterThan(40)
  const asked = Date.now()
  const answer = await (await member.post(`/shares/${share.id}/revoke`, { cutOff: true })).json()
  stopped.value = true
  await clicking

  expect(answer.cutOff).toMatchObject({ state: "done", how: "recoloured", objects: 1 })
  const before = addresses.filter(({ at }) => at <= asked).slice(-40)
  const statuses = await times(before.length, async (index) => {
    const kept = await fetch(before[index]?.url ?? "", { headers: { range: "bytes=0-0" } })
    await kept.arrayBuffer()
    return kept.status
  })
  expect(new Set(statuses)).toEqual(new Set([403]))
  expect(await member.readShare(share.id)).toMatchObject({ downloads: addresses.length })
  const ends = await query(
    `SELECT FROM audit_entry WHERE action = 'cut_off.end' AND target_id::uuid IN
       (SELECT cut_off_id FROM cut_off_share WHERE share_id = $1)`,
    [share.id],
  )
  expect(ends).toHaveLength(1)
})

test("a changed setting and an ended session apply to the other at once", async ({ pair }) => {
  const { member, only, proxy } = pair
  const { id } = await member.upload("kept.pdf", Buffer.from("kept"), "application/pdf")
  for (const [here, there] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const share = () => member.post("/shares", { fileIds: [id] })
    await only(here, () => member.patch("/admin/settings", { passwordRequired: true }))
    expect((await only(there, share)).status()).toBe(403)
    await only(here, () => member.patch("/admin/settings", { reset: ["passwordRequired"] }))
    expect((await only(there, share)).status()).toBe(201)

    const phone = await signInClient(proxy.url, ADMIN)
    const { items } = await (await phone.get("/sessions")).json()
    const { id: session } = items.find(({ current }: { current: boolean }) => current)
    await only(here, () => member.delete(`/sessions/${session}`))
    expect(await only(there, () => isSignedIn(phone.context))).toBe(false)
    expect(await only(there, () => isSignedIn(member.context))).toBe(true)
    await phone.context.dispose()
  }
})

/** Lets the member of both, who signed in a while ago, make tokens, and forgets earlier attempts. */
async function confirm({ query }: Pair) {
  await query("UPDATE session SET confirmed_at = now()")
  await query("DELETE FROM attempt")
}

/** Makes calls, a few at a time so that none waits for a connection, and counts their statuses. */
async function countStatuses(count: number, call: () => Promise<{ status: number }>) {
  const counts: Record<number, number> = {}
  for (let left = count; left > 0; left -= POOL_SIZE) {
    for (const { status } of await times(Math.min(left, POOL_SIZE), call))
      counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

test("a token that was ended on one is refused by the other at once, and both count its calls together", async ({
  pair,
}) => {
  const { member, only, proxy } = pair
  await confirm(pair)
  let ended = ""
  const ask = () =>
    fetch(`${proxy.url}/api/v1/me`, { headers: { Authorization: `Bearer ${ended}` } })
  for (const [here, there] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const made = await member.post("/tokens", { name: "Build server", scopes: ["files:read"] })
    const { id, token } = await read<{ id: string; token: string }>(made, 201)
    ended = token
    expect((await only(there, ask)).status).toBe(200)
    await only(here, () => member.delete(`/tokens/${id}`))
    expect((await only(there, ask)).status).toBe(401)
  }
  await confirm(pair)
  expect(await countStatuses(80, ask)).toEqual({ 401: 60, 429: 20 })
})

test("of two who approve a device on both and one who refuses it, one decides", async ({
  pair,
}) => {
  const { member, proxy } = pair
  const send = async (path: string, body: object) => {
    const answer = await fetch(`${proxy.url}/api/v1${path}`, {
      method: "POST",
      body: JSON.stringify(body),
    })
    return { status: answer.status, ...(await answer.json()) }
  }
  for (let round = 0; round < 12; round++) {
    await confirm(pair)
    const name = `Laptop ${round}`
    const { deviceCode, userCode } = await send("/device", { name, scopes: ["files:read"] })
    const decided = await Promise.all(
      ["approve", "deny", "approve"].map((act) => member.post(`/device/${act}`, { userCode })),
    )
    expect(decided.map((answer) => answer.status()).sort()).toEqual([204, 404, 404])
    const isDenied = decided[1]?.status() === 204

    const [here, there] = [
      await send("/device/token", { deviceCode }),
      await send("/device/token", { deviceCode }),
    ]
    expect(here).toEqual(there)
    expect(here).toMatchObject(isDenied ? { code: "denied" } : { status: 200 })
    const { items } = await (await member.get("/tokens")).json()
    const made = items.filter((token: { name: string }) => token.name === name)
    expect(made).toHaveLength(isDenied ? 0 : 1)
  }
  await confirm(pair)
  const guess = async () => ({ status: (await member.get("/device?userCode=BCDF-GHJK")).status() })
  expect(await countStatuses(60, guess)).toEqual({ 404: 20, 429: 40 })
})

test("calls with one Idempotency-Key that race on both create once", async ({ pair }) => {
  const { member } = pair
  const { id } = await member.upload("kept.pdf", Buffer.from("kept"), "application/pdf")
  for (let round = 0; round < 8; round++) {
    const headers = { "Idempotency-Key": `build-${round}` }
    const post = (path: string, data: object) =>
      times(12, () => member.context.post(`/api/v1${path}`, { data, headers }))
    const title = `Build ${round}`
    const shares = await post("/shares", { fileIds: [id], title })
    const ids = await Promise.all(shares.map((answer) => read<{ id: string }>(answer, 201)))
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1)
    const { items } = await (await member.get(`/shares?q=${encodeURIComponent(title)}`)).json()
    expect(items).toHaveLength(1)

    const file = { name: `build ${round}.bin`, size: 3 }
    const batches = await post("/files/batch", { files: [file, file] })
    const bodies = await Promise.all(batches.map((answer) => read<object>(answer, 201)))
    const uploads = new Set(JSON.stringify(bodies).match(/"id":"[^"]+"/g))
    expect(uploads.size).toBe(2)
  }
})

test("counters of one include clicks on the other, until the session is ended there", async ({
  pair,
}) => {
  const { member, only, proxy } = pair
  for (const [here, there] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const share = await member.share("live.pdf")
    const phone = await signInClient(proxy.url, ADMIN)
    const ask = () => only(here, () => phone.get(`/shares/live?ids=${share.id}`))
    expect(await (await ask()).json()).toMatchObject({ items: [{ downloads: 0 }] })
    expect(await only(there, () => click(share))).toBe(303)
    expect(await (await ask()).json()).toMatchObject({ items: [{ downloads: 1 }] })

    const { items } = await (await phone.get("/sessions")).json()
    const { id: session } = items.find(({ current }: { current: boolean }) => current)
    await only(there, () => member.delete(`/sessions/${session}`))
    expect((await ask()).status()).toBe(401)
    await phone.context.dispose()
  }
})

test("jobs of both are done, each once", async ({ pair }) => {
  const { member, query } = pair
  const uploaded = await times(12, (n) => member.upload(`job ${n}.pdf`, Buffer.from(`${n}`)))
  const keys = await query<{ key: string }>(
    "SELECT key FROM object WHERE file_id = ANY($1::uuid[])",
    [uploaded.map(({ id }) => id)],
  )
  expect(keys).toHaveLength(12)
  await times(12, async (n) => {
    expect((await member.delete(`/files/${uploaded[n]?.id}`)).status()).toBe(204)
  })
  const due = () =>
    query(
      `SELECT key, attempts, last_error FROM graphile_worker._private_jobs
       WHERE run_at < clock_timestamp() AND (locked_at IS NOT NULL OR attempts = 0 OR last_error IS NOT NULL)`,
    )
  await expect.poll(due, { timeout: 30_000 }).toEqual([])
  const doomed = await query("SELECT FROM object WHERE key = ANY($1) AND state = 'doomed'", [
    keys.map(({ key }) => key),
  ])
  expect(doomed).toHaveLength(12) // until their signed PUTs have expired
})

test("one that is killed under load loses no acknowledged change", async ({ pair }) => {
  const { member, proxy, instances, query } = pair
  const plain = await member.share("plain.pdf")
  const limited = await member.share("few.pdf", { maxDownloads: 400 })
  const sent = { [plain.id]: 0, [limited.id]: 0 }
  const acknowledged = { [plain.id]: 0, [limited.id]: 0 }
  let stopped = false
  const clicking = times(12, async (n) => {
    const share = n % 2 ? plain : limited
    while (!stopped) {
      sent[share.id] = (sent[share.id] ?? 0) + 1
      const status = await click(share).catch(() => 0)
      if (status === 303) acknowledged[share.id] = (acknowledged[share.id] ?? 0) + 1
    }
  })
  const acknowledgedOf = ({ id }: ShareView) => acknowledged[id] ?? 0
  const more = async (count: number) => {
    const from = acknowledgedOf(plain)
    await expect
      .poll(() => acknowledgedOf(plain), { timeout: 30_000 })
      .toBeGreaterThan(from + count)
  }
  await more(100)
  await instances[1].kill()
  await more(100)
  const [, given = 0] = proxy.given()
  await instances[1].start()
  await expect.poll(() => proxy.given()[1], { timeout: 30_000 }).toBeGreaterThan(given + 20)
  await expect
    .poll(() => acknowledgedOf(limited) > 350 || stopped)
    .toBe(true)
    .catch(() => {})
  stopped = true
  await clicking
  await sleep(100)

  for (const share of [plain, limited]) {
    const { downloads } = await member.readShare(share.id)
    const [events] = await query<{ count: number }>(
      "SELECT count(*)::int FROM event WHERE share_id = $1 AND kind = 'claim'",
      [share.id],
    )
    expect(events?.count).toBe(downloads)
    expect(downloads).toBeGreaterThanOrEqual(acknowledgedOf(share))
    expect(downloads).toBeLessThanOrEqual(sent[share.id] ?? 0)
  }
  expect((await member.readShare(limited.id)).downloads).toBeLessThanOrEqual(400)
})
