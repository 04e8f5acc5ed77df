import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { makeWorkerUtils } from "graphile-worker"
import { expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, pool } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { past } from "#testing/units.ts"
import { throughProxy } from "#testing/with-outage.ts"
import { startJobs } from "./start-jobs.ts"
import { startHeartbeat } from "./worker-heartbeat.ts"

async function aJob() {
  const { fileId } = await aLink()
  const key = `o/${randomBytes(16).toString("hex")}`
  await db.object.create({
    data: { key, fileId, state: "doomed", putExpiresAt: past(), doomedAt: past() },
  })
  await addJob(db, "destroyObject", { key })
  return key
}

const untilDone = (key: string, timeout: number) =>
  vi.waitFor(async () => expect(await db.object.findUnique({ where: { key } })).toBeNull(), {
    timeout,
    interval: 50,
  })

const eventually = async <Result>(work: () => Promise<Result>, timeout: number) =>
  vi.waitFor(work, { timeout, interval: 50 })

it("jobs and requests work again within 15 s when their connections died silently", async () => {
  await throughProxy(async (proxy, seconds) => {
    const running = await startJobs()
    try {
      await untilDone(await aJob(), 10_000)
      for (const fault of process.env.HEAVY ? (["hold", "mute"] as const) : (["hold"] as const)) {
        proxy.silenceOld(fault)
        const since = performance.now()

        const key = await eventually(aJob, seconds(10))
        // The library asks for jobs every two real seconds.
        await untilDone(key, seconds(15) + 4_000)
        expect(performance.now() - since).toBeLessThan(seconds(15) + 4_000)
      }
      // The worker listens again, so a job starts at once, not at the next poll.
      await sleep(seconds(12))
      const since = performance.now()
      for (let nth = 0; nth < 5; nth += 1) await untilDone(await aJob(), 10_000)
      expect(performance.now() - since).toBeLessThan(5_000)
    } finally {
      await running.stop()
    }
  })
})

it("a running job belongs to a worker that other processes find alive", async () => {
  const running = await startJobs()
  const utils = await makeWorkerUtils({ connectionString: configuration.DATABASE_URL })
  const other = await startHeartbeat(configuration.DATABASE_URL, utils)
  const blocker = await pool().connect()
  try {
    const { fileId } = await aLink()
    const key = `o/${randomBytes(16).toString("hex")}`
    await db.object.create({
      data: { key, fileId, state: "doomed", putExpiresAt: past(), doomedAt: past() },
    })
    await blocker.query("BEGIN")
    await blocker.query("SELECT FROM object WHERE key = $1 FOR UPDATE", [key])
    await addJob(db, "destroyObject", { key })

    await vi.waitFor(async () => {
      const rows = await db.$queryRaw<{ by: string | null }[]>`
        SELECT locked_by AS by FROM graphile_worker.jobs WHERE task_identifier = 'destroyObject'`
      expect(rows.map(({ by }) => by)).toEqual([expect.stringMatching(/./)])
    }, 10_000)
    for (let n = 0; n < 3; n++) expect(await other.search()).toEqual([])
  } finally {
    await other.stop()
    await utils.release()
    await blocker.query("COMMIT")
    blocker.release()
    await running.stop()
  }
})

it.runIf(process.env.HEAVY)(
  "a job whose end could not be stored runs again, and its worker goes on",
  async () => {
    await throughProxy(async (proxy, seconds) => {
      const running = await startJobs()
      try {
        for (let round = 0; round < 3; round++) {
          const keys = await Promise.all(Array.from({ length: 6 }, aJob))
          await sleep(round * 5)
          proxy.silenceOld("mute")
          for (const key of keys) await eventually(() => untilDone(key, 1_000), seconds(40) + 6_000)
        }
        await vi.waitFor(
          async () =>
            expect(await db.$queryRaw`SELECT locked_by FROM graphile_worker.jobs`).toHaveLength(0),
          { timeout: 10_000 },
        )
      } finally {
        await running.stop()
      }
    })
  },
)

it.runIf(process.env.HEAVY)(
  "jobs run again within seconds when the database took long to start",
  async () => {
    await throughProxy(async (proxy) => {
      const running = await startJobs()
      try {
        await untilDone(await aJob(), 10_000)
        proxy.startUp(true)
        await sleep(45_000)
        proxy.startUp(false)
        const key = await eventually(aJob, 5_000)
        await untilDone(key, 5_000)
        for (let n = 0; n < 6; n++) await untilDone(await aJob(), 5_000)
      } finally {
        await running.stop()
      }
    })
  },
)
