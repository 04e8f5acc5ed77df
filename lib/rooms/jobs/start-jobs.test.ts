import { randomBytes } from "node:crypto"
import { makeWorkerUtils, type WorkerUtils } from "graphile-worker"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, pool } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { aStartedFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { future, inDays, inHours, MINUTE, past } from "#testing/units.ts"
import { ensurePartitions } from "./ensure-partitions.ts"
import { forgetFutureRuns, startJobs } from "./start-jobs.ts"
import { sweep } from "./sweep.ts"
import { type Heartbeat, startHeartbeat } from "./worker-heartbeat.ts"

// Each bucket has one head of the audit log, so this file uses its own bucket.
beforeAll(useOwnBucket)

const key = () => `o/${randomBytes(16).toString("hex")}`
const url = configuration.DATABASE_DIRECT_URL ?? configuration.DATABASE_URL

let utils: WorkerUtils
beforeAll(async () => {
  utils = await makeWorkerUtils({ connectionString: url })
})
afterAll(() => utils.release())

async function aDoomedObject() {
  const { fileId } = await aLink()
  return db.object.create({
    data: { key: key(), fileId, state: "doomed", putExpiresAt: past(), doomedAt: past() },
  })
}

/** The jobs that these tests add; the schedule of a running process adds others. */
const jobs = () =>
  db.$queryRaw<{ locked_by: string | null }[]>`
    SELECT locked_by FROM graphile_worker.jobs WHERE task_identifier = 'destroyObject'`
const lockers = async () => (await jobs()).map(({ locked_by }) => locked_by)

async function aJobLockedBy(worker: string) {
  await addJob(db, "destroyObject", { key: key() })
  await db.$executeRaw`UPDATE graphile_worker._private_jobs
    SET locked_at = now(), locked_by = ${worker} WHERE locked_by IS NULL`
}

const sessions = () => db.$queryRaw<{ pid: number }[]>`
  SELECT pid FROM pg_stat_activity
  WHERE application_name = 'lapse-heartbeat' AND datname = current_database()`

async function locks() {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_locks
    WHERE locktype = 'advisory' AND classid = 720354 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return row?.count
}

/** A worker counts as dead when two searches in a row did not find it. */
async function searchTwice(heartbeat: Heartbeat, dead: string[]) {
  expect([...(await heartbeat.search()), ...(await heartbeat.search())]).toEqual(dead)
}

describe("a job", () => {
  it("exists if and only if the change that needs it commits", async () => {
    await db
      .$transaction(async (tx) => {
        await addJob(tx, "destroyObject", { key: key() })
        throw new Error("changed my mind")
      })
      .catch(() => {})
    expect(await jobs()).toHaveLength(0)

    await db.$transaction((tx) => addJob(tx, "destroyObject", { key: key() }))
    expect(await jobs()).toHaveLength(1)
  })

  it("seals the audit log, and writes failed sign-ins of ended windows into it", async () => {
    await db.failedSignIn.create({
      data: { windowEndAt: new Date(Date.now() - MINUTE), account: "", origin: "", failures: 3 },
    })
    const running = await startJobs()
    try {
      await addJob(db, "sealAudit", {})
      await vi.waitFor(
        async () => {
          const [entry] = await db.auditEntry.findMany({ where: { action: "session.refuse" } })
          expect(entry?.details).toMatchObject({ failures: 3 })
          await addJob(db, "sealAudit", {}) // older transactions may have delayed it
          const entryId = entry?.id ?? ""
          expect(await db.auditSeal.findUnique({ where: { entryId } })).not.toBeNull()
        },
        // Those of other tests take minutes with HEAVY=1.
        { timeout: process.env.HEAVY ? 300_000 : 30_000, interval: 200 },
      )
    } finally {
      await running.stop()
    }
  })

  it("is done by a running process, and not before its time", async () => {
    const now = await aDoomedObject()
    const later = await aDoomedObject()
    const running = await startJobs()
    try {
      const runAt = future()
      await db.$transaction(async (tx) => {
        await addJob(tx, "destroyObject", { key: now.key })
        await addJob(tx, "destroyObject", { key: later.key }, { runAt, queueName: "later" })
      })
      await vi.waitFor(
        async () => expect(await db.object.findUnique({ where: { key: now.key } })).toBeNull(),
        { timeout: 30_000 },
      )
      expect(await db.object.findUnique({ where: { key: later.key } })).not.toBeNull()
      await vi.waitFor(async () => expect(await jobs()).toHaveLength(1), { timeout: 30_000 })
    } finally {
      await running.stop()
    }
  })

  it("of a schedule runs again, although a process whose clock was a year ahead ran it", async () => {
    const ranIn = (time: string) => db.$executeRaw`
      INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
      VALUES ('sealAudit', now(), now() + ${time}::interval)
      ON CONFLICT (identifier) DO UPDATE SET last_execution = excluded.last_execution`
    const ran = async () => {
      const [row] = await db.$queryRaw<{ last: Date | null }[]>`
        SELECT last_execution AS last FROM graphile_worker._private_known_crontabs
        WHERE identifier = 'sealAudit'`
      return row?.last?.getTime() ?? 0
    }
    await ranIn("1 year")
    const running = await startJobs()
    await running.stop()
    expect(await ran()).toBeLessThan(Date.now() + MINUTE)

    await ranIn("-1 minute")
    const before = await ran()
    await forgetFutureRuns(utils)
    expect(await ran()).toBe(before)
    // The clock of this process was set back by an hour.
    await forgetFutureRuns(utils, past())
    expect(await ran()).toBe(0)
  })

  it("of a night that was missed runs as soon as the app starts again", async () => {
    await db.$executeRaw`
      INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
      VALUES ('lapseFiles', now() - interval '9 days', now() - interval '3 days')
      ON CONFLICT (identifier) DO UPDATE SET last_execution = excluded.last_execution`
    const running = await startJobs()
    await running.stop()
    const [row] = await db.$queryRaw<{ isNew: boolean }[]>`
      SELECT last_execution >= now() - interval '25 hours' AS "isNew"
      FROM graphile_worker._private_known_crontabs WHERE identifier = 'lapseFiles'`
    expect(row).toEqual({ isNew: true })
  })

  it("of a dead worker is unlocked, of a live one it is not", async () => {
    const [living, dying] = [await startHeartbeat(url, utils), await startHeartbeat(url, utils)]
    try {
      await Promise.all([living.add("living"), dying.add("dying")])
      for (const worker of ["living", "dying"]) await aJobLockedBy(worker)
      await searchTwice(living, [])

      await dying.stop()
      expect(await living.search()).toEqual([])
      expect(await living.search()).toEqual(["dying"])
      expect((await lockers()).sort()).toEqual(["living", null].sort())
    } finally {
      await living.stop()
    }
  })

  it("of a worker that ended is unlocked at once, or later if it was locked in an answer that was lost", async () => {
    const [own, other] = [await startHeartbeat(url, utils), await startHeartbeat(url, utils)]
    try {
      await Promise.all([own.add("goes on"), own.add("ended")])
      for (const worker of ["goes on", "ended"]) await aJobLockedBy(worker)
      await own.remove("ended")
      expect((await lockers()).sort()).toEqual(["goes on", null].sort())

      await aJobLockedBy("ended")
      expect(await other.search()).toEqual([])
      expect(await other.search()).toEqual(["ended"])
    } finally {
      await Promise.all([own.stop(), other.stop()])
    }
  })

  it("stays with a worker whose session was cut, even if others search before it reconnects", async () => {
    const cut = await startHeartbeat(url, utils)
    const [{ pid } = {}] = await sessions()
    const other = await startHeartbeat(url, utils)
    try {
      await cut.add("cut")
      await aJobLockedBy("cut")
      await db.$queryRaw`SELECT pg_terminate_backend(${pid}::int, 5000)`
      expect(await other.search()).toEqual([])

      await vi.waitFor(async () => expect(await locks()).toBe(1), { timeout: 30_000 })
      await searchTwice(other, [])
      expect(await lockers()).toEqual(["cut"])
    } finally {
      await Promise.all([cut.stop(), other.stop()])
    }
  })
})

const partitions = async () => {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'event'::regclass AND c.relname <> 'event_default' ORDER BY 1`
  return rows.map(({ name }) => name)
}
const undo = async () => {
  for (const name of await partitions()) {
    await db.$executeRawUnsafe(`ALTER TABLE event DETACH PARTITION events."${name}"`)
    await db.$executeRawUnsafe(`DROP TABLE events."${name}"`)
  }
}

describe("the partitions of event", () => {
  it("are made for this month and three more, by many at once, while events are inserted", async () => {
    await undo()
    const { shareId } = await aLink()
    const put = (months: number) => db.$executeRaw`
      INSERT INTO event (at, share_id, kind) VALUES (now() + make_interval(months => ${months}::int), ${shareId}::uuid, 'view')`
    await put(0)
    await put(1)
    await put(9)

    await Promise.all([
      ...Array.from({ length: 4 }, ensurePartitions),
      ...Array.from({ length: 40 }, (_, n) => put(n % 3)),
    ])

    expect(await partitions()).toHaveLength(4)
    const [byDefault] = await db.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM events.event_default`
    expect(byDefault?.count).toBe(1)
    expect(await db.event.count()).toBe(43)
    await ensurePartitions()
    expect(await partitions()).toHaveLength(4)
  })
})

describe("while something reads all events, as a dump does", () => {
  it("no click waits long for new partitions, the app starts, and they are created afterwards", async () => {
    await undo()
    const link = await aLink()
    const dump = await pool().connect()
    await dump.query("BEGIN")
    await dump.query("LOCK TABLE event IN ACCESS SHARE MODE")
    const starting = startJobs()
    try {
      let [longest, isStarted] = [0, false]
      void starting.finally(() => {
        isStarted = true
      })
      while (!isStarted) {
        const before = performance.now()
        await db.$executeRaw`
          INSERT INTO event (at, share_id, kind) VALUES (now(), ${link.shareId}::uuid, 'view')`
        longest = Math.max(longest, performance.now() - before)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(await partitions()).toHaveLength(0)
      expect(longest).toBeGreaterThan(100) // a click waited for the lock
      expect(longest).toBeLessThan(5_000) // the longest wait of a click for a connection
    } finally {
      await dump.query("COMMIT")
      dump.release()
    }
    await ensurePartitions()
    expect(await partitions()).toHaveLength(4)
    await (await starting).stop()
  })
})

describe("the sweep", () => {
  it("deletes expired claims, invites, resets, answered questions and visitor keys, and keeps the others", async () => {
    const { linkId, ownerId, shareId } = await aLink()
    const claims = [1, 24, 26].map((n) => ({ linkId, visitId: randomBytes(20), at: inHours(-n) }))
    await db.claim.createMany({ data: claims })
    await db.invite.createMany({
      data: [1, 24 * 31].map((n) => ({
        tokenHash: randomBytes(32),
        invitedBy: ownerId,
        expiresAt: inHours(-n),
      })),
    })
    await db.passwordReset.createMany({
      data: [1, 24 * 31].map((n) => ({
        tokenHash: randomBytes(32),
        memberId: ownerId,
        expiresAt: inHours(-n),
      })),
    })
    await db.question.createMany({
      data: [null, inDays(-29), inDays(-31)].map((answeredAt) => ({
        shareId,
        linkId,
        note: "",
        at: inDays(-99),
        answeredAt,
      })),
    })
    await db.visitorKey.createMany({
      data: [0, 1, 3].map((n) => ({ day: inDays(-n), key: randomBytes(32) })),
    })

    const hold = (legalHoldAt: Date | null) =>
      db.share.update({ where: { id: shareId }, data: { legalHoldAt } })
    await hold(inDays(-1))
    await sweep()
    expect(await db.question.count()).toBe(3)

    await hold(null)
    await sweep()

    expect(await db.claim.count()).toBe(2)
    expect(await db.invite.count()).toBe(1)
    expect(await db.passwordReset.count()).toBe(1)
    expect(await db.question.count()).toBe(2)
    expect(await db.visitorKey.count()).toBe(2)
  })

  it("continues after a step that fails", async () => {
    const [broken, other] = [await aStartedFile(), await aStartedFile()]
    await db.object.updateMany({ data: { putExpiresAt: inHours(-73) } })
    await db.$executeRawUnsafe(
      `ALTER TABLE file ADD CONSTRAINT stays CHECK (id <> '${broken.file.id}' OR deleted_at IS NULL)`,
    )
    await db.visitorKey.create({ data: { day: new Date(2020, 1), key: randomBytes(32) } })
    await db.invite.create({
      data: {
        tokenHash: randomBytes(32),
        invitedBy: await anAdmin(),
        expiresAt: new Date(2020, 1),
      },
    })

    const failing = sweep().finally(() => db.$executeRaw`ALTER TABLE file DROP CONSTRAINT stays`)
    await expect(failing).rejects.toThrow("A part of the sweep failed.")

    const { status } = await db.file.findUniqueOrThrow({ where: { id: other.file.id } })
    expect(status).toBe("abandoned")
    expect(await db.visitorKey.count()).toBe(0)
    expect(await db.invite.count()).toBe(0)
  })

  it("abandons idle uploads", async () => {
    const { file } = await aStartedFile()
    await db.object.updateMany({ data: { putExpiresAt: inHours(-73) } })

    await sweep()

    const { status } = await db.file.findUniqueOrThrow({ where: { id: file.id } })
    expect(status).toBe("abandoned")
    expect(await jobs()).toHaveLength(1)
  })
})
