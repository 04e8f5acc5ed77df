import pg from "pg"
import { describe, expect, inject, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { longDb, pool } from "#lib/adapters/database.ts"
import { findPgBouncer, startPgBouncer } from "#testing/database/pgbouncer.ts"
import { createPool } from "./db-client.ts"

const TEXT = "SELECT current_setting('jit') AS jit, pg_sleep(0.05)::text"
const COUNT = 4
const OFF = Array.from({ length: COUNT }, () => "off")

type Row = { jit: string }

/** Asks on several connections at the same time and returns the answers. */
const said = (ask: () => Promise<Row[]>) =>
  Promise.all(Array.from({ length: COUNT }, async () => (await ask())[0]?.jit))

/** Runs statements on a connection that Lapse did not make. */
async function runPlain(text: string) {
  const client = new pg.Client({
    connectionString: configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL,
  })
  await client.connect()
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

describe("JIT", () => {
  it.skipIf(inject("pooler"))("is off on every connection of the pools", async () => {
    expect(await runPlain(TEXT)).toMatchObject([{ jit: "on" }])
    expect(await said(async () => (await pool().query<Row>(TEXT)).rows)).toEqual(OFF)
    expect(await said(() => longDb.$queryRawUnsafe<Row[]>(TEXT))).toEqual(OFF)
  })

  it.skipIf(!findPgBouncer())(
    "is off behind PgBouncer on a new connection, and on all where the database says so",
    async () => {
      const [database] = await runPlain("SELECT current_database() AS jit")
      const name = database?.jit ?? ""
      const connect = async () => {
        const pooler = await startPgBouncer(inject("postgres"))
        const pooled = createPool({ connectionString: pooler.urlOf(name), max: COUNT })
        const ask = async () => (await pooled.query<Row>(TEXT)).rows
        return { ask, stop: () => pooled.end().then(pooler.stop) }
      }
      const plain = await connect()
      expect(await plain.ask()).toMatchObject([{ jit: "off" }])
      await plain.stop()

      await runPlain(`ALTER DATABASE ${name} SET jit = off`)
      const set = await connect()
      try {
        expect(await said(set.ask)).toEqual(OFF)
      } finally {
        await set.stop()
        await runPlain(`ALTER DATABASE ${name} RESET jit`)
      }
    },
  )
})
