import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer, type RequestListener } from "node:http"
import { createRequire } from "node:module"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { db, pool } from "#lib/adapters/database.ts"
import { QueueRefusal } from "#lib/adapters/host/fair-queue.ts"
import { headObject, listObjects } from "#lib/adapters/storage.ts"
import { withoutDatabase, withStoreAt } from "#testing/with-outage.ts"
import { isLockTimeout, outageOf } from "./outage.ts"

const selectOne = statement("outage", {}, "SELECT 1")

/** Returns the code, subject and delay of the refusal for the error that the work throws. */
async function saidOf(work: () => Promise<unknown>) {
  const refusal = outageOf(
    await work().then(
      () => null,
      (error: unknown) => error,
    ),
  )
  return refusal && [refusal.code, refusal.message.split(" ")[1], refusal.retryAfterSeconds]
}

async function withStoreThat<Result>(answers: RequestListener, work: () => Promise<Result>) {
  const server = createServer(answers).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const port = typeof address === "object" ? address?.port : 0
  try {
    return await withStoreAt(work, `http://127.0.0.1:${port}`)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

const ask = () => saidOf(() => headObject("o/unknown"))
const answering = (status: number): RequestListener => {
  return (_request, response) => response.writeHead(status).end()
}

describe("outageOf the storage", () => {
  const storage = ["unavailable", "storage", 5]

  it("recognises a store that cannot be reached", async () => {
    expect(await withStoreAt(ask)).toEqual(storage)
    expect(await withStoreAt(ask, "http://nowhere.invalid:9")).toEqual(storage)
  })

  it("recognises a missing bucket, and does not mistake a missing object for one", async () => {
    expect(await ask()).toBeNull()
    const { S3_BUCKET } = configuration
    configuration.S3_BUCKET = "gone"
    try {
      expect(await ask()).toEqual(storage)
      expect(await saidOf(() => listObjects("o/").next())).toEqual(storage)
    } finally {
      configuration.S3_BUCKET = S3_BUCKET
    }
  })

  it("recognises a store that closes the connection or answers that it cannot serve", async () => {
    expect(await withStoreThat(({ socket }) => socket.destroy(), ask)).toEqual(storage)
    expect(await withStoreThat(answering(500), ask)).toEqual(storage)
    expect(await withStoreThat(answering(503), ask)).toEqual(storage)
  })

  it("says that the disk is full if the embedded store refuses to use its reserve", async () => {
    const ask = () => withStoreThat(answering(507), () => headObject("o/full").catch(outageOf))
    expect(await ask()).toBeRefusal("storage_full", {
      message: "The server’s disk is full. The upload resumes when there is space.",
    })
  })

  it("does not treat a refusal as an outage, which would hide wrong settings", async () => {
    expect(await withStoreThat(answering(403), ask)).toBeNull()
    expect(await withStoreThat(answering(501), ask)).toBeNull()
  })
})

describe("outageOf the database", () => {
  const database = ["unavailable", "database", 5]
  const busy = { message: "The database is busy right now. Please try again shortly." }
  const asks = {
    "a prepared statement": () => selectOne({}),
    "a query": () => db.member.count(),
    "a raw statement": () => db.$queryRaw`SELECT 1`,
    "a transaction": () => db.$transaction((tx) => tx.member.count()),
  }

  it.each(Object.entries(asks))(
    "recognises a database that cannot be reached: %s",
    async (_name, work) => {
      const socket = "postgresql://lapse@localhost/lapse?host=/nowhere/at/all"
      expect(await withoutDatabase(() => saidOf(work))).toEqual(database)
      expect(await withoutDatabase(() => saidOf(work), socket)).toEqual(database)
    },
  )

  it("recognises a connection that was cut in the middle", async () => {
    const cut = () => db.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`
    expect(await saidOf(cut)).toEqual(database)
    expect(
      await saidOf(() => pool().query("SELECT pg_terminate_backend(pg_backend_pid())")),
    ).toEqual(database)
  })

  it.each(["ConnectionClosed", "DatabaseNotReachable"])(
    "knows %s as the adapter itself throws it, when a transaction begins or ends",
    (kind) => {
      const require = createRequire(import.meta.url)
      const adapter = readFileSync(require.resolve("@prisma/driver-adapter-utils"), "utf8")
      expect(adapter).toContain('name = "DriverAdapterError"')
      const error = Object.assign(new Error(kind, { cause: { kind } }), {
        name: "DriverAdapterError",
      })
      expect(outageOf(error)?.message).toContain("database")
      const other = Object.assign(new Error("x", { cause: { kind: "TableDoesNotExist" } }), {
        name: "DriverAdapterError",
      })
      expect(outageOf(other)).toBeNull()
    },
  )

  it("recognises a connection that was cut before a transaction ended", async () => {
    const cut = (throws: boolean) => () =>
      db.$transaction(async (tx) => {
        const [row] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
        await pool().query("SELECT pg_terminate_backend($1, 1000)", [row?.pid])
        await sleep(50)
        if (throws) throw new Error("a refusal")
      })
    expect(await saidOf(cut(false))).toEqual(database)
    expect(await saidOf(cut(true))).toBeNull()
  })

  it.each(["40001", "40P01", "55P03", "57014"])(
    "recognises a busy database, and does not call it unreachable: %s",
    async (state) => {
      const raise = `DO $$ BEGIN RAISE EXCEPTION 'in the way' USING ERRCODE = '${state}'; END $$`
      for (const ask of [() => pool().query(raise), () => db.$executeRawUnsafe(raise)]) {
        const error = await ask().catch((error: unknown) => error)
        expect(isLockTimeout(error)).toBe(state === "55P03")
        expect(outageOf(error)).toBeRefusal("unavailable", busy)
      }
    },
  )

  it("says that the disk is full", async () => {
    const raise =
      "DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$"
    for (const ask of [() => pool().query(raise), () => db.$executeRawUnsafe(raise)]) {
      const refusal = outageOf(await ask().catch((error: unknown) => error))
      expect(refusal?.status).toBe(503)
      expect(refusal?.message).toMatch(/^The server’s disk is full\. /)
    }
  })

  it("recognises a transaction that took too long for a busy database", async () => {
    const slow = () =>
      db.$transaction(
        async (tx) => {
          await tx.$executeRaw`SELECT pg_sleep(0.3)`
          await tx.member.count()
        },
        { timeout: 50 },
      )
    expect(outageOf(await slow().catch((error: unknown) => error))).toBeRefusal("unavailable", busy)
  })

  it("recognises a standby that accepts no writes", async () => {
    const write = () =>
      db.$transaction(async (tx) => {
        await tx.$executeRaw`SET TRANSACTION READ ONLY`
        await tx.invite.deleteMany()
      })
    expect(await saidOf(write)).toEqual(database)
  })

  it.each(["08006", "25006", "53100", "53300", "57P01", "57P03", "40P01"])(
    "knows %s by its code, whatever language the server speaks",
    async (state) => {
      const raise = `DO $$ BEGIN RAISE EXCEPTION 'Verklemmung entdeckt' USING ERRCODE = '${state}'; END $$`
      for (const ask of [() => pool().query(raise), () => db.$executeRawUnsafe(raise)]) {
        expect(outageOf(await ask().catch((error: unknown) => error))?.code).toBe("unavailable")
      }
    },
  )

  it("recognises the texts of the driver's own errors, which are those of the installed version", () => {
    const require = createRequire(import.meta.url)
    const sources = ["pg/lib/client.js", "pg-pool"].map((name) =>
      readFileSync(require.resolve(name), "utf8"),
    )
    for (const text of [
      "Connection terminated",
      "Connection terminated unexpectedly",
      "Connection terminated due to connection timeout",
      "timeout expired",
      "timeout exceeded when trying to connect",
      "Cannot use a pool after calling end on the pool",
      "Client was closed and is not queryable",
      "Client has encountered a connection error and is not queryable",
    ]) {
      expect(outageOf(new Error(text))?.code, text).toBe("unavailable")
      expect(sources.join().includes(`'${text}'`), text).toBe(true)
    }
  })

  it("does not treat a programming error as an outage", async () => {
    expect(await saidOf(() => pool().query("SELECT 1 / 0"))).toBeNull()
    expect(await saidOf(() => db.$queryRaw`SELECT 1 / 0`)).toBeNull()
    expect(await saidOf(() => db.member.findFirstOrThrow())).toBeNull()
  })
})

describe("a task that a queue refuses", () => {
  it("is refused as busy, also by a queue that the module's other instance made", async () => {
    const path = "../host/fair-queue.ts?other"
    const other: typeof import("../host/fair-queue.ts") = await import(path)
    expect(other.QueueRefusal).not.toBe(QueueRefusal)
    const { run } = other.createFairQueue({ running: 1, longest: 20 })
    const gate = Promise.withResolvers<void>()
    void run([], () => gate.promise)

    expect(await saidOf(() => run([], async () => {}))).toEqual(["unavailable", "database", 5])
    gate.resolve()
  })
})
