import "server-only"
import { db } from "#lib/db.ts"
import { addJob } from "#lib/queue.ts"
import { deleteObject } from "#lib/storage.ts"

/** How long after a signed PUT's end its key is deleted once more: clocks differ, and a PUT takes its time. */
const LATE_PUT_MINUTES = 15

type Doomed = { final: boolean; againAt: Date }

/**
 * Deletes a doomed object from the store. While a signed PUT could still bring its bytes back the
 * row stays and the job comes again; afterwards the row goes too. Repeats are harmless.
 */
export async function destroyObject(key: string): Promise<void> {
  // The clock is read before the store is asked, so the last delete is surely after the deadline.
  const [doomed] = await db.$queryRaw<Doomed[]>`
    SELECT again_at AS "againAt", again_at <= clock_timestamp() AS final
    FROM object,
      LATERAL (SELECT put_expires_at + make_interval(mins => ${LATE_PUT_MINUTES}::int)) AS t (again_at)
    WHERE key = ${key} AND state = 'doomed'`
  if (!doomed) return
  await deleteObject(key)
  if (doomed.final) await db.object.deleteMany({ where: { key, state: "doomed" } })
  else
    await db.$transaction((tx) => addJob(tx, "destroyObject", { key }, { runAt: doomed.againAt }))
}
