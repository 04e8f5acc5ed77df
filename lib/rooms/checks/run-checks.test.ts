import { once } from "node:events"
import { createServer } from "node:http"
import { beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { listMultiparts, listObjects, newBrowserTest } from "#lib/adapters/storage.ts"
import { withoutDatabase, withStoreAt } from "#testing/with-outage.ts"
import { runChecks } from "./run-checks.ts"
import { CHECK_LIMIT } from "./run-list.ts"
import { type ChecksView, viewChecks } from "./view-checks.ts"

const onCeph = process.env.LAPSE_TEST_STORE === "ceph"

beforeEach(async () => {
  await db.$executeRaw`
    UPDATE installation SET checks_found = NULL, checks_running_until = NULL`
})

async function collect<Item>(items: AsyncGenerator<Item>) {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** The checks that do not pass on a well-configured store in this test environment. */
const NOT_OK = [
  ["app_address", "warn", "away"],
  ["tls", "skipped", "local"],
  ["proxies", "skipped", "none"],
  ["browser", "skipped", "never"],
  ...(onCeph
    ? [
        ["overwrite", "warn", "complete"],
        ["checksums", "warn", "none"],
        ["signature_age", "warn", "ceph"],
        ["lifecycle", "warn", "none"], // these tests use the owner's key, which may read it
      ]
    : [
        ["signature_age", "skipped", "embedded"],
        ["lifecycle", "skipped", "unknown"],
      ]),
  ["scan", "skipped", "off"],
  ["retention", "skipped", "off"],
  ["provider", "skipped", "none"],
  ["mail", "skipped", "none"],
  ["backup", "skipped", "elsewhere"],
  ["backup_tried", "skipped", "none"],
]
const LINES = 26

describe("a run of the checks", () => {
  it("finds no fault in an installation that is set up, and says what the store does not support", async () => {
    const { items } = await runChecks()

    const notOk = items.filter(({ state }) => state !== "ok")
    expect(notOk.map(({ id, state, code }) => [id, state, code])).toEqual(NOT_OK)
    expect(items).toHaveLength(LINES)
    const database = items.find(({ id }) => id === "database")
    expect(database?.sentence).toMatch(
      /^PostgreSQL \d+\.\d+ answers and has what Lapse needs\. The database takes [\d.]+ \wB\.$/,
    )
    for (const { sentence, fix } of items) expect(`${sentence}${fix}`).not.toMatch(/\{\w+\}/)
  })

  it("leaves nothing in the bucket", async () => {
    const left = async () => [
      ...(await collect(listObjects("probe/"))),
      ...(await collect(listObjects("o/probe/"))),
      ...(await collect(listMultiparts("probe/"))),
      ...(await collect(listMultiparts("o/probe/"))),
    ]
    const before = new Set((await left()).map(({ key }) => key))

    await runChecks()

    // Other tests probe the same bucket at the same time.
    await expect
      .poll(async () => (await left()).filter(({ key }) => !before.has(key)), { timeout: 20_000 })
      .toEqual([])
  })

  it("is kept, so that every process shows the same", async () => {
    expect(await viewChecks()).toEqual({ items: [], checkedAt: null, runningSince: null })

    const view = await runChecks()

    expect(await viewChecks()).toEqual(view)
  })

  it("shows what another version has stored as far as it knows it", async () => {
    const findings = [
      { id: "of_the_future", state: "ok", code: "ok" },
      { id: "database", state: "ok", code: "a_new_code" },
    ]
    await db.installation.updateMany({
      data: { checksFound: { at: new Date().toISOString(), findings } },
    })

    expect((await viewChecks()).items).toMatchObject([{ id: "database", sentence: "a_new_code" }])
  })

  it("runs only once at a time, however many ask for it", async () => {
    const asked = Promise.allSettled(Array.from({ length: 8 }, () => runChecks()))
    await expect.poll(async () => (await viewChecks()).runningSince).toMatch(/^20/)

    const answers = await asked

    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
    const refused = answers.flatMap((each) =>
      each.status === "rejected" ? [each.reason.code] : [],
    )
    expect(refused).toEqual(Array(7).fill("conflict"))
    await runChecks()
  })

  it("runs again when the process that ran it has died", async () => {
    await db.$executeRaw`
      UPDATE installation SET checks_running_until = clock_timestamp() + interval '1 hour'`
    await expect(runChecks()).rejects.toBeRefusal("conflict")
    await db.$executeRaw`
      UPDATE installation SET checks_running_until = clock_timestamp() - interval '1 second'`

    expect((await runChecks()).items).toHaveLength(LINES)
  })

  it("says that no store answers, and tries nothing else on it", async () => {
    const { items } = await withStoreAt(() => runChecks())

    const ofStore = items.filter(({ group }) => group === "storage")
    const [first, ...others] = ofStore
    expect(first).toMatchObject({
      id: "credentials",
      state: "fail",
      code: "away",
      values: { place: "http://127.0.0.1:9", reason: "ECONNREFUSED" },
    })
    expect(new Set(others.map(({ code }) => code))).toEqual(new Set(["unreachable"]))
    expect(items.find(({ id }) => id === "database")).toMatchObject({ state: "ok" })
  })

  it("says that no database answers, and still checks the rest", async () => {
    const { items } = await withoutDatabase(() => runChecks())

    const found = Object.fromEntries(items.map(({ id, state, code }) => [id, `${state} ${code}`]))
    expect(found).toMatchObject({
      database: "fail refused",
      mail: "skipped no_database",
      backup: "skipped no_database",
      credentials: "ok ok",
      cors: "ok ok",
      presigned_urls: "ok ok",
    })
    const database = items.find(({ id }) => id === "database")
    expect(database?.sentence).toMatch(/^DATABASE_URL: no PostgreSQL answers at 127\.0\.0\.1:9/)
  })

  it("ends a check that hangs, and the others are not held up", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1")
    await once(silent, "listening")
    const address = silent.address()
    const port = typeof address === "object" ? address?.port : 0
    const { APP_URL } = configuration
    const limit = CHECK_LIMIT.ms
    Object.assign(configuration, { APP_URL: `http://127.0.0.1:${port}` })
    CHECK_LIMIT.ms = 3_000

    const { items } = await runChecks().finally(() => {
      Object.assign(configuration, { APP_URL })
      CHECK_LIMIT.ms = limit
      silent.closeAllConnections()
      silent.close()
    })

    expect(items.find(({ id }) => id === "app_address")).toMatchObject({
      state: "fail",
      code: "timeout",
      sentence: "No answer within 3 s.",
    })
    expect(items.find(({ id }) => id === "database")).toMatchObject({ state: "ok" })
  })
})

describe("the line of the browser", () => {
  const lineOf = ({ items }: ChecksView) => items.find(({ id }) => id === "browser")

  it("says what the browser that asked saw, and stays until the addresses change", async () => {
    const refused = lineOf(await runChecks({ failed: "upload", reason: "no answer\u001b[2J" }))
    expect(refused).toMatchObject({ state: "fail", code: "upload" })
    expect(refused?.sentence).toMatch(/\(no answer\[2J\)/)
    expect(refused?.paste).toContain(configuration.APP_URL)

    const passed = lineOf(await runChecks(null))
    expect(passed).toMatchObject({ state: "ok", code: "ok" })
    expect(lineOf(await runChecks())).toEqual(passed)

    const { APP_URL } = configuration
    Object.assign(configuration, { APP_URL: "http://other.localhost:3000" })
    const moved = await runChecks().finally(() => Object.assign(configuration, { APP_URL }))
    expect(lineOf(moved)).toMatchObject({ state: "skipped", code: "never" })
  })

  it("has addresses that work once, for a few bytes", async () => {
    const { puts, get } = await newBrowserTest()

    expect(puts).toHaveLength(2) // an object, and a part of one
    for (const { url, headers, body } of puts) {
      expect((await fetch(url, { method: "PUT", headers, body })).status).toBe(200)
      expect((await fetch(url, { method: "PUT", headers, body: `${body}x` })).ok).toBe(false)
    }
    expect(await (await fetch(get.url)).text()).toBe(get.text)
  })
})
