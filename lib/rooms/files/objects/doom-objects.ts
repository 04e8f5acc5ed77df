import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import type { Prisma, Tx } from "#lib/adapters/database.ts"
import { addJobs } from "#lib/adapters/queue.ts"

/** Dooms the matching objects and enqueues the deletion of their bytes. Returns their files. */
export async function doomObjects(tx: Tx, which: Prisma.ObjectWhereInput): Promise<string[]> {
  const doomed = await tx.object.updateManyAndReturn({
    where: { state: { not: "doomed" }, ...which },
    data: { state: "doomed", doomedAt: await databaseTimeIn(tx) },
    select: { key: true, fileId: true },
  })
  const keys = doomed.map(({ key }) => ({ key }))
  await addJobs(tx, "destroyObject", keys)
  return doomed.map(({ fileId }) => fileId)
}
