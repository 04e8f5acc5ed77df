import { randomBytes } from "node:crypto"
import pg from "pg"
import { afterEach, describe, expect, inject, it } from "vitest"
import { CLIENT_TIMEOUTS } from "#lib/adapters/database/db-timeouts.ts"
import { outageOf } from "#lib/adapters/outages/outage.ts"
import { installQueue } from "#lib/rooms/jobs/install-queue.ts"
import { throughProxy } from "#testing/with-outage.ts"
import { type Migration, migrate, readMigrations } from "./migrate.ts"

const made: string[] = []
afterEach(async () => {
  for (const name of made.splice(0)) await onServer(`DROP DATABASE ${name} WITH (FORCE)`)
})

async function onServer(text: string, url = inject("postgres")) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

async function newDatabase() {
  const name = `migrate_${randomBytes(6).toString("hex")}`
  await onServer(`CREATE DATABASE ${name} TEMPLATE template0`)
  made.push(name)
  const url = new URL(inject("postgres"))
  url.pathname = `/${name}`
  return url.href
}

const aMigration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: `${name}${sql.length}`,
})
const applied = (url: string) =>
  onServer("SELECT migration_name AS name FROM _prisma_migrations ORDER BY name", url)

describe("migrate", () => {
  it("applies every migration exactly once, however many processes start at the same time", async () => {
    const url = await newDatabase()
    const start = async () => {
      const names = await migrate(url)
      await installQueue(url)
      return names
    }

    const names = await Promise.all(Array.from({ length: 8 }, start))

    const all = readMigrations().map(({ name }) => name)
    expect(names.flat().sort()).toEqual(all)
    expect(await applied(url)).toEqual(all.map((name) => ({ name })))
    expect(await migrate(url)).toEqual([])
  })

  it("leaves nothing of a migration that fails halfway, and tries it again", async () => {
    const url = await newDatabase()
    const good = aMigration("1", "CREATE TABLE one ()")
    const broken = aMigration("2", "CREATE TABLE two (); CREATE TABLE one ()")

    await expect(migrate(url, { migrations: [good, broken] })).rejects.toThrow(/already exists/)
    expect(await applied(url)).toEqual([{ name: "1" }])
    expect(
      await migrate(url, { migrations: [good, aMigration("2", "CREATE TABLE two ()")] }),
    ).toEqual(["2"])
  })

  it("accepts functions whose bodies contain semicolons", async () => {
    const url = await newDatabase()
    const sql = "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;"

    await migrate(url, { migrations: [aMigration("1", sql)] })

    expect(await onServer("SELECT f()", url)).toEqual([{ f: 1 }])
  })

  it("refuses a database that a newer version has written", async () => {
    const url = await newDatabase()
    await migrate(url, { migrations: [aMigration("1", "SELECT 1"), aMigration("2", "SELECT 1")] })

    await expect(migrate(url, { migrations: [aMigration("1", "SELECT 1")] })).rejects.toThrow(
      /newer/,
    )
  })

  it("refuses a migration that was changed after it was applied", async () => {
    const url = await newDatabase()
    await migrate(url, { migrations: [aMigration("1", "SELECT 1")] })

    await expect(migrate(url, { migrations: [aMigration("1", "SELECT 1;;")] })).rejects.toThrow(
      /changed/,
    )
  })
})

describe("a long migration", () => {
  it("says how far it is: by its own notices, by the index that it builds, or by the time", async () => {
    const url = await newDatabase()
    const said: string[] = []
    await throughProxy(async (proxy) => {
      const through = new URL(proxy.url)
      through.pathname = new URL(url).pathname
      const waits = CLIENT_TIMEOUTS.connect + CLIENT_TIMEOUTS.ask
      const seconds = (waits * 2.5) / 1000
      const sql = `SELECT pg_sleep(${seconds}); DO $$ BEGIN
        RAISE NOTICE 'progress 40 of 100 rows'; PERFORM pg_sleep(${seconds}); END $$`
      const migrations = [aMigration("1", "SELECT 1"), aMigration("2", sql)]
      await migrate(through.href, { migrations, progress: (detail) => said.push(detail) })
    })

    expect(said[0]).toMatch(/^\d+ s so far$/)
    expect(said).toContain("40 of 100 rows")
  })

  it("gives way to statements of the version before, with which it would deadlock", async () => {
    const url = await newDatabase()
    const tables = aMigration("1", "CREATE TABLE one (); CREATE TABLE two ()")
    await migrate(url, { migrations: [tables] })
    const alter = "ALTER TABLE one ADD a int; ALTER TABLE two ADD a int"
    const serving = new pg.Client({ connectionString: url })
    await serving.connect()
    await serving.query("BEGIN; LOCK TABLE two IN ROW SHARE MODE")

    const migrating = migrate(url, { migrations: [tables, aMigration("2", alter)] })
    await expect.poll(() => waiting(url), { timeout: 10_000, interval: 10 }).toBeGreaterThan(0)
    await serving.query("SELECT FROM one; COMMIT")
    await serving.end()

    expect(await migrating).toEqual(["2"])
  })

  it("lets another process that starts say for what it waits", async () => {
    const url = await newDatabase()
    const said: string[] = []
    const migrations = [aMigration("1", "SELECT pg_sleep(1)")]
    const first = migrate(url, { migrations })
    await expect.poll(() => locks(url)).toBe(1)

    const second = migrate(url, { migrations, say: (line) => said.push(line) })

    expect(await Promise.all([first, second])).toEqual([["1"], []])
    expect(said).toEqual(["Waiting for another process that prepares the tables"])
  })
})

const locks = async (url: string) =>
  (
    await onServer(
      `SELECT FROM pg_locks JOIN pg_database ON oid = database
       WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
      url,
    )
  ).length

const waiting = async (url: string) =>
  (
    await onServer(
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
      url,
    )
  ).length

describe("a migration whose connection dies silently", () => {
  it("ends, instead of blocking the start forever", async () => {
    const url = await newDatabase()
    await throughProxy(async (proxy) => {
      const through = new URL(proxy.url)
      through.pathname = new URL(url).pathname
      const slow = aMigration("1", "SELECT pg_sleep(600)")
      const migrating = migrate(through.href, { migrations: [slow] }).catch(
        (error: unknown) => error,
      )
      await new Promise((resolve) => setTimeout(resolve, 300))
      proxy.freeze()

      expect(outageOf(await migrating)).toBeRefusal("unavailable")
    })
  })

  it("is not considered dead while the server works on it", async () => {
    const url = await newDatabase()
    await throughProxy(async (proxy, seconds) => {
      const through = new URL(proxy.url)
      through.pathname = new URL(url).pathname
      const slow = aMigration("1", `SELECT pg_sleep(${seconds(20) / 1000})`)
      expect(await migrate(through.href, { migrations: [slow] })).toEqual(["1"])
    })
  })
})
