import { once } from "node:events"
import fs from "node:fs"
import { createServer } from "node:net"
import path from "node:path"
import pg from "pg"
import { afterEach, describe, expect, it, vi } from "vitest"
import { SetupError } from "#lib/adapters/errors.ts"
import { explainFailure } from "#server/checks/explain-failure.ts"
import { copyTemplateCluster } from "#testing/database/template-cluster.ts"
import { mountSmallDisk, noSmallDisk, type SmallDisk } from "#testing/small-disk.ts"
import { MIB } from "#testing/units.ts"
import { startObjectStore } from "./object-store.ts"
import { startPostgres } from "./postgres.ts"

const RESERVE = 128 * MIB
const reason = noSmallDisk()
const FULL =
  /^The disk is full: make room on the disk of .*\/(postgres|objects)\. The (database|object store) starts as soon as there is some$/

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

function aDisk(bytes: number): SmallDisk {
  const disk = mountSmallDisk(bytes)
  stops.push(disk.remove)
  return disk
}

async function aDatabase(disk: SmallDisk) {
  const directory = path.join(disk.path, "postgres")
  await copyTemplateCluster(directory)
  const onGivenUp = vi.fn()
  const postgres = await startPostgres({ directory, reserveBytes: RESERVE, onGivenUp })
  stops.push(postgres.stop)
  return { ...postgres, directory, onGivenUp }
}

async function ask(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  client.on("error", () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  server.close()
  return typeof address === "object" && address ? address.port : 0
}

/** Writes this many bytes into the log of the database, and nothing else. */
const writeLog = (url: string, bytes: number) =>
  ask(
    url,
    `SELECT count(pg_logical_emit_message(false, 'test', repeat('x', ${MIB})))
     FROM generate_series(1, ${Math.ceil(bytes / MIB)})`,
  )

const logBytes = (directory: string) =>
  fs
    .readdirSync(path.join(directory, "cluster/pg_wal"), { withFileTypes: true })
    .filter((entry) => entry.isFile())
    // The server removes files of it meanwhile.
    .map(({ name }) =>
      fs.statSync(path.join(directory, "cluster/pg_wal", name), { throwIfNoEntry: false }),
    )
    .reduce((sum, stats) => sum + (stats?.size ?? 0), 0)

describe.skipIf(reason || !process.env.HEAVY)(
  `on a full disk${reason ? ` (${reason})` : ""}`,
  () => {
    it("no cluster is made, a sentence says so, and no file of it is left", async () => {
      const disk = aDisk(32 * MIB)
      disk.leave(12 * MIB)
      const directory = path.join(disk.path, "postgres")

      const failure = await startPostgres({ directory }).catch((error: unknown) => error)

      expect(failure).toBeInstanceOf(SetupError)
      expect(String(failure)).toMatch(
        /The database could not be created in .*No space left on device/,
      )
      expect(fs.existsSync(path.join(directory, "cluster.new"))).toBe(false)
      expect(disk.freeBytes()).toBeGreaterThan(11 * MIB)
    })

    it("a start says in a sentence which file it cannot write", async () => {
      const disk = aDisk(256 * MIB)
      const { url } = await aDatabase(disk)
      disk.leave(0)

      const failures = [
        await ask(url, "CREATE DATABASE other").catch((error: unknown) => error),
        await ask(url, "CREATE TABLE other AS SELECT * FROM pg_class").catch(
          (error: unknown) => error,
        ),
        await fs.promises
          .writeFile(path.join(disk.path, "x"), "x")
          .catch((error: unknown) => error),
      ]

      for (const failure of failures.map(explainFailure)) {
        expect(failure).toBeInstanceOf(SetupError)
        expect(String(failure)).toMatch(
          /The disk of the data directory is full \(.*[Nn]o space left on device.*\): make room on it, and start again\.$/,
        )
      }
    })

    it("a database that found no room for its log comes back with all rows once there is room", {
      timeout: 60_000,
    }, async () => {
      const disk = aDisk(256 * MIB)
      const { url, onGivenUp } = await aDatabase(disk)
      await ask(url, "CREATE TABLE kept AS SELECT 1 AS n")
      disk.leave(0)

      await expect(writeLog(url, 200 * MIB)).rejects.toThrow()

      disk.makeRoom()
      await expect
        .poll(() => ask(url, "SELECT n FROM kept").catch(() => "away"), { timeout: 30_000 })
        .toEqual([{ n: 1 }])
      await writeLog(url, 32 * MIB)
      expect(onGivenUp).not.toHaveBeenCalled()
    })

    it("the start of the database waits for room and says so in a sentence", {
      timeout: 60_000,
    }, async () => {
      const disk = aDisk(256 * MIB)
      const { stop, directory } = await aDatabase(disk)
      await stop()
      disk.leave(0)
      const say = vi.fn()
      const { promise: isFull, resolve: onDiskFull } = Promise.withResolvers<void>()
      const starting = startPostgres({ directory, reserveBytes: RESERVE, say, onDiskFull })
      await isFull
      await vi.waitFor(
        () => expect(say.mock.calls.flat()).toContainEqual(expect.stringMatching(FULL)),
        10_000,
      )

      disk.makeRoom()

      const { url, stop: stopAgain } = await starting
      stops.push(stopAgain)
      expect(await ask(url, "SELECT 1 AS n")).toEqual([{ n: 1 }])
    })

    it("the object store waits for room, and so does its bucket", async () => {
      const disk = aDisk(8 * MIB)
      disk.leave(0)
      const say = vi.fn()
      const start = async () => {
        const store = await startObjectStore({
          directory: path.join(disk.path, "objects"),
          host: "127.0.0.1",
          port: await freePort(),
          accessKeyId: "a",
          secretAccessKey: "b",
          signers: [],
          reserveBytes: 0,
          appOrigin: "http://localhost:3000",
          trustedProxies: [],
          say,
          onGivenUp: () => {},
        })
        stops.push(store.stop)
      }
      const failure = explainFailure(await start().catch((error: unknown) => error))
      expect(String(failure)).toMatch(/The disk of the data directory is full/)
      disk.makeRoom()
      await start()
    })
  },
)

describe.skipIf(reason || !process.env.HEAVY)("the log of the database", () => {
  it("stays within half of the reserve, however much is written", {
    timeout: 60_000,
  }, async () => {
    const { url, directory } = await aDatabase(aDisk(600 * MIB))
    expect(await ask(url, "SHOW max_wal_size")).toEqual([{ max_wal_size: "32MB" }])
    const before = logBytes(directory)
    for (let n = 0; n < 80; n++) {
      await writeLog(url, 4 * MIB)
      expect(logBytes(directory) - before).toBeLessThan(RESERVE / 2)
    }
  })
})
