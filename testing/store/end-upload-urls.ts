import { db } from "#lib/adapters/database.ts"
import { destroyObject } from "#lib/rooms/files/objects/destroy-object.ts"

/** Dates back every URL that was signed for an upload, as if it had just ended. */
export async function endUploadUrls(): Promise<void> {
  await db.$executeRaw`
    UPDATE object SET put_expires_at = least(put_expires_at, clock_timestamp())`
  await db.$executeRaw`
    UPDATE file SET counted_until = clock_timestamp() WHERE counted_until IS NOT NULL`
}

/** Runs the jobs for every doomed object now. */
export async function destroyDoomed(): Promise<void> {
  const doomed = await db.object.findMany({ where: { state: "doomed" }, select: { key: true } })
  for (const { key } of doomed) await destroyObject(key)
}
