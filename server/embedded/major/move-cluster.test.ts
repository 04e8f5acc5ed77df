import { fork } from "node:child_process"
import { once } from "node:events"
import fs from "node:fs"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { afterEach, describe, expect, it, onTestFinished } from "vitest"
import { installQueue } from "#lib/rooms/jobs/install-queue.ts"
import { migrate } from "#prisma/migrate.ts"
import { checksumsOf } from "#testing/database/checksums.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { startTemporaryDatabase } from "#testing/database/temporary-database.ts"
import { makeFastDirectory } from "#testing/fast-directory.ts"
import { earlierPostgres } from "#testing/programs/earlier-postgres.ts"
import { mountSmallDisk, noSmallDisk } from "#testing/small-disk.ts"
import { seedMany } from "../../../bench/seeds/seed-many.ts"
import { startPostgres } from "../postgres.ts"
import { type PostgresVersion, SHIPPED } from "../postgres-binaries.ts"
import { majorOf } from "../postgres-cluster.ts"
import { copyDatabase } from "./copy-database.ts"
import { moveCluster } from "./move-cluster.ts"

const root = path.join(import.meta.dirname, "../../..")
const HEAVY = Boolean(process.env.HEAVY)
/**
 * From the previous major with `npm run test:heavy`; otherwise from the same one, which is
 * installed.
 */
const from = HEAVY ? earlierPostgres() : SHIPPED
const SCALE = HEAVY ? { shares: 5_000, events: 200_000 } : { shares: 300, events: 2_000 }
const KILLS = HEAVY ? 15 : 2

const made: (() => void)[] = []
afterEach(() => {
  for (const remove of made.splice(0).reverse()) remove()
})

async function prepareTables(url: string) {
  await migrate(url)
  await installQueue(url)
}

type Query = (text: string) => Promise<pg.QueryResult>

async function onDatabase<Result>(url: string, work: (query: Query) => Promise<Result>) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work((text) => client.query(text))
  } finally {
    await client.end()
  }
}

/** Starts a server, runs the work on it, and stops it. */
async function onServer<Result>(
  data: string,
  work: (query: Query, url: string) => Promise<Result>,
  version: PostgresVersion = SHIPPED,
) {
  const directory = path.join(data, "postgres")
  const { url, stop } = await startPostgres({ directory, version, durable: false })
  return onDatabase(url, (query) => work(query, url)).finally(stop)
}

/** A data directory whose database `from` has written, and the checksums of its tables. */
async function aDatabase({ directory = makeDirectory() } = {}) {
  const data = path.join(directory, "data")
  fs.mkdirSync(data, { mode: 0o755 })
  const postgres = path.join(data, "postgres")
  if (from === SHIPPED) await copyTemplateCluster(postgres)
  const sums = await onServer(
    data,
    async (_, url) => {
      await fill(url)
      return checksumsOf(url)
    },
    from,
  )
  return { data, directory: postgres, sums }
}

function makeDirectory() {
  const place = makeFastDirectory()
  made.push(place.remove)
  return place.path
}

/** Fills a database with shares, files, audit entries, events of six months, and jobs. */
async function fill(url: string) {
  await prepareTables(url)
  if (from === SHIPPED) await seedMany(url, SCALE)
  else await fillFromNewer(url) // the statements of the seed need this Lapse's PostgreSQL
  await onDatabase(url, async (query) => {
    await query("UPDATE installation SET data_version = '0.2.0'")
    await query(
      `INSERT INTO audit_entry (id, actor, action, details)
       SELECT gen_random_uuid(), 'Ada «Ä» 漢字', 'share.create', '{"title": "a\\tb", "files": 2}'
       FROM generate_series(1, 100)`,
    )
    await query(
      "SELECT graphile_worker.add_job('sweep', json_build_object('n', n)) FROM generate_series(1, 20) AS n",
    )
  })
}

async function fillFromNewer(url: string) {
  const newer = await startTemporaryDatabase()
  try {
    await prepareTables(newer.url)
    await seedMany(newer.url, SCALE)
    await copyDatabase({ from: newer.url, to: url }, async () => {})
  } finally {
    await newer.stop()
  }
}

const move = (directory: string, said: string[] = []) =>
  moveCluster({ directory, from, prepareTables, say: (line) => said.push(line) })

const kept = (directory: string) =>
  fs.readdirSync(directory).filter((name) => name.startsWith("cluster."))

// No start moves a database yet: a newer major has to come first.
const heavy = it.runIf(process.env.HEAVY)

describe("an embedded database of another major", () => {
  it("has the same rows, sequences, triggers and jobs afterwards, and the other is kept", async () => {
    const { data, directory, sums } = await aDatabase()
    const said: string[] = []

    await move(directory, said)

    expect(said).toContainEqual(
      expect.stringMatching(
        /^Moving the database to PostgreSQL 18, which takes about \d.* are free$/,
      ),
    )
    expect(majorOf(path.join(directory, "cluster"))).toBe(SHIPPED.major)
    expect(kept(directory)).toEqual([
      expect.stringMatching(new RegExp(`^cluster\\.postgres-${from.major}-\\d{8}T\\d{6}Z$`)),
    ])
    expect(fs.existsSync(path.join(directory, "moving"))).toBe(false)
    await onServer(data, async (query, url) => {
      expect(await checksumsOf(url)).toEqual(sums)
      expect(await migrate(url)).toEqual([])
      await query(
        "INSERT INTO audit_entry (id, actor, action) VALUES (gen_random_uuid(), 'Lapse', 'x')",
      )
      expect((await query("SELECT FROM audit_unsealed")).rowCount).toBe(101)
      const next = await query("SELECT (graphile_worker.add_job('sweep')).id")
      expect(Number(next.rows[0].id)).toBe(21)
      await expect(
        query(
          "INSERT INTO share_file (share_id, file_id, position) VALUES (gen_random_uuid(), gen_random_uuid(), 0)",
        ),
      ).rejects.toThrow(/foreign key/)
    })
  })

  heavy(
    "begins again without harm wherever it is killed, and another start is refused meanwhile",
    async () => {
      const { data, directory, sums } = await aDatabase()
      const run = () => {
        const args = [data, from.major, from.folder]
        const execArgv = ["--import", path.join(root, "server/server-only.mjs")]
        const child = fork(path.join(root, "testing/children/move-child.ts"), args, { execArgv })
        const said: string[] = []
        child.on("message", (line) => said.push(String(line)))
        return { child, said, ended: once(child, "exit") }
      }
      const first = run()
      await expect
        .poll(() => first.said.length, { timeout: 30_000, interval: 5 })
        .toBeGreaterThan(0)
      const second = run()
      expect(await second.ended).toEqual([1, null])
      expect(second.said.join()).toMatch(/Another Lapse is running on the data directory/)
      first.child.kill("SIGKILL")
      await first.ended
      for (let kill = 1; kill <= KILLS && kept(directory).length === 0; kill++) {
        const { child, ended } = run()
        await Promise.race([ended, sleep(300 * kill)])
        child.kill("SIGKILL")
        await ended
      }
      if (kept(directory).length === 0) {
        const { said, ended } = run()
        expect([(await ended)[0], said]).toEqual([0, said])
      }

      expect(kept(directory)).toHaveLength(1)
      await onServer(data, async (_, url) => expect(await checksumsOf(url)).toEqual(sums))
    },
  )

  heavy("is the one that is complete where it was killed between the two renames", async () => {
    const { data, directory, sums } = await aDatabase()
    await move(directory)
    fs.mkdirSync(path.join(directory, "moving"))
    fs.renameSync(path.join(directory, "cluster"), path.join(directory, "moving/cluster"))

    await onServer(data, async (_, url) => expect(await checksumsOf(url)).toEqual(sums))
  })

  heavy("is left as it was if it has tables that Lapse does not know", async () => {
    const { data, directory } = await aDatabase()
    await onServer(data, (query) => query("CREATE TABLE mine AS SELECT 1 AS n"), from)

    await expect(move(directory)).rejects.toThrow(/does not know.*public\.mine/)

    expect(kept(directory)).toEqual([])
    expect(fs.existsSync(path.join(directory, "moving"))).toBe(false)
    await onServer(
      data,
      async (query) => expect((await query("SELECT n FROM mine")).rows).toEqual([{ n: 1 }]),
      from,
    )
  })

  heavy("cannot be written while its rows are copied", async () => {
    const { directory } = await aDatabase()
    let attempt: Promise<unknown> | undefined
    let calls = 0
    await moveCluster({
      directory,
      from,
      async prepareTables(url) {
        await prepareTables(url)
        if (calls++ > 0) return
        const client = new pg.Client({ connectionString: url })
        client.on("error", () => {})
        await client.connect()
        // Waits until the locks of the copy are there.
        attempt = (async () => {
          for (;;) {
            const { rows } = await client.query(
              "SELECT FROM pg_locks WHERE mode = 'ShareLock' AND relation = 'member'::regclass",
            )
            if (rows.length > 0) break
            await sleep(5)
          }
          await client.query("UPDATE member SET name = 'lost'")
        })().catch((error: unknown) => error)
      },
      say: () => {},
    })
    expect(String(await attempt)).toMatch(/terminat|closed|ended/i)
  })

  it.skipIf(noSmallDisk())(
    "is left as it was where there is no room, which a sentence says",
    async () => {
      const disk = mountSmallDisk(600 * 1024 ** 2)
      onTestFinished(disk.remove)
      const { data, directory, sums } = await aDatabase({ directory: disk.path })
      disk.leave(100 * 1024 ** 2)

      await expect(move(directory)).rejects.toThrow(
        /^The database moves to PostgreSQL 18, which takes about .* on the disk of .* are free\. It was left as it was: make room, and start again\.$/,
      )

      await onServer(data, async (_, url) => expect(await checksumsOf(url)).toEqual(sums), from)
    },
  )
})
