import { db } from "#lib/adapters/database.ts"
import type { JobName, Jobs } from "#lib/adapters/queue.ts"
import { TASKS } from "#lib/rooms/jobs/tasks.ts"

type Job = { [Name in JobName]: { id: bigint; name: Name; payload: Jobs[Name] } }[JobName]

/**
 * Runs the jobs of the queue in this process, even those scheduled for later, until none is left.
 * Throws at a job that queues itself again and again.
 */
export async function runJobs(): Promise<void> {
  const runs = new Map<string, number>()
  for (;;) {
    const [job] = await db.$queryRaw<Job[]>`
      DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t
      WHERE t.id = j.task_id AND j.id = (SELECT min(id) FROM graphile_worker._private_jobs)
      RETURNING j.id, t.identifier AS name, j.payload`
    if (!job) return
    const same = `${job.name} ${JSON.stringify(job.payload)}`
    const count = (runs.get(same) ?? 0) + 1
    if (count > 100) throw new Error(`This job queues itself without end: ${same}`)
    runs.set(same, count)
    const task: (payload: never) => Promise<void> =
      job.name === "backUp" ? async () => {} : TASKS[job.name]
    await Reflect.apply(task, undefined, [job.payload])
  }
}
