import { db } from "#lib/db.ts"
import { destroyObject } from "#lib/files/objects/destroy-object.ts"

/** As if every URL that was signed for an upload until now had ended this moment. */
export async function endUploadUrls(): Promise<void> {
  await db.$executeRaw`
    UPDATE object SET put_expires_at = least(put_expires_at, clock_timestamp())`
  await db.$executeRaw`
    UPDATE file SET counted_until = clock_timestamp() WHERE counted_until IS NOT NULL`
}

/** What the jobs do now with every doomed object. */
export async function destroyDoomed(): Promise<void> {
  const doomed = await db.object.findMany({ where: { state: "doomed" }, select: { key: true } })
  for (const { key } of doomed) await destroyObject(key)
}
