import { fork } from "node:child_process"
import { randomBytes } from "node:crypto"
import { once } from "node:events"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it, vi } from "vitest"
import { db, pool } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { past } from "#testing/units.ts"
import { throughProxy } from "#testing/with-outage.ts"
import { startJobs } from "./start-jobs.ts"
import { TASKS } from "./tasks.ts"

const root = path.join(import.meta.dirname, "../../..")

async function aDoomedObject() {
  const { fileId } = await aLink()
  const key = `o/${randomBytes(16).toString("hex")}`
  await db.object.create({
    data: { key, fileId, state: "doomed", putExpiresAt: past(), doomedAt: past() },
  })
  return key
}

const lockedJobs = () => db.$queryRaw<unknown[]>`
  SELECT FROM graphile_worker.jobs
  WHERE task_identifier IN ('destroyObject', 'sweep') AND locked_at IS NOT NULL`

describe.runIf(process.env.HEAVY)("a running job", () => {
  it("runs again within 15 s when its process was killed", async () => {
    const key = await aDoomedObject()
    const blocker = await pool().connect()
    await blocker.query("BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0")
    await blocker.query("SELECT FROM object WHERE key = $1 FOR UPDATE", [key])
    const child = fork(path.join(root, "testing/children/jobs-child.ts"), {
      execArgv: ["--import", path.join(root, "server/server-only.mjs")],
      env: process.env,
    })
    await once(child, "message")
    await addJob(db, "destroyObject", { key })
    await vi.waitFor(async () => expect(await lockedJobs()).toHaveLength(1), 10_000)
    const exit = once(child, "exit")
    child.kill("SIGKILL")
    await exit
    await blocker.query("COMMIT")
    blocker.release()

    const running = await startJobs()
    try {
      await vi.waitFor(
        async () => expect(await db.object.findUnique({ where: { key } })).toBeNull(),
        { timeout: 15_000, interval: 100 },
      )
    } finally {
      await running.stop()
    }
  })

  it("runs once, although the database is unreachable for 10 s and two processes look for dead workers", async () => {
    const { sweep } = TASKS
    const job = vi.fn(() => sleep(30_000))
    TASKS.sweep = job
    try {
      await throughProxy(async (proxy) => {
        const running = [await startJobs(), await startJobs()]
        try {
          await addJob(db, "sweep", {})
          await vi.waitFor(() => expect(job).toHaveBeenCalledTimes(1), { timeout: 5_000 })
          proxy.startUp(true)
          await sleep(10_000)
          proxy.startUp(false)
          await vi.waitFor(async () => expect(await lockedJobs()).toHaveLength(1), {
            timeout: 5_000,
          })
          await vi.waitFor(async () => expect(await lockedJobs()).toEqual([]), {
            timeout: 30_000,
            interval: 100,
          })
          await sleep(5_000)
          expect(job).toHaveBeenCalledTimes(1)
        } finally {
          await Promise.all(running.map(({ stop }) => stop()))
        }
      })
    } finally {
      TASKS.sweep = sweep
    }
  })
})
