import "server-only"
import { databaseTimeAgo } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { addJob } from "#lib/adapters/queue.ts"
import { adoptCopy } from "#lib/rooms/files/objects/adopt-copies.ts"
import { doomObjects } from "#lib/rooms/files/objects/doom-objects.ts"

const MINUTE_MS = 60_000

/**
 * Marks for deletion copies whose process died before the file was switched to them, and thumbnails
 * that were begun and did not arrive. If the database was restored to a moment during the copy, the
 * file's own object may be missing; then the file gets the copy.
 */
export async function sweepCopies(): Promise<void> {
  const putExpiresAt = { lt: await databaseTimeAgo(10 * MINUTE_MS) }
  const unfinished = await db.object.findMany({
    where: { state: "uploading", putExpiresAt, file: { status: "ready" } },
    select: { key: true, kind: true, file: { select: { id: true, objectKey: true } } },
  })
  for (const { key: copy, kind, file } of unfinished) {
    const { id, objectKey: key } = file
    const adopted = kind === "file" && key !== null && (await adoptCopy({ id, key, copy }))
    if (adopted) continue
    await db.$transaction((tx) => doomObjects(tx, { key: copy, state: "uploading", putExpiresAt }))
  }
}

/** Enqueues cut offs again whose job failed too often. */
export async function resumeCutOffs(): Promise<void> {
  const before = await databaseTimeAgo(60 * MINUTE_MS)
  await db.$transaction(async (tx) => {
    const open = await tx.cutOff.findMany({
      where: { doneAt: null, allAddedAt: { lt: before } },
      select: { id: true },
    })
    for (const { id } of open) await addJob(tx, "cutOff", { id })
  })
}
