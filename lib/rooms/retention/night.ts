import "server-only"
import { z } from "zod"
import { db, type Tx } from "#lib/adapters/database.ts"

/**
 * Why a night deletes nothing: it waits for an admin (many), for an admin or a week (restored, gap),
 * or for the clocks.
 */
export const WAITS = ["many", "restored", "gap", "clock"] as const

/** Options of the job of a night, which waits and runs only once. */
export const ONE_NIGHT = { queueName: "lapseFiles", key: "lapseFiles" }

/** What the last night found and did. */
export const Night = z.strictObject({
  /** When the last night began that looked for files; not one that found a clock wrong. */
  at: z.iso.datetime(),
  /** The number of files that it found due, and their bytes. */
  due: z.int(),
  bytes: z.int(),
  deleted: z.int(),
  /** The number of files that were due and are left for the next night. */
  left: z.int(),
  /** The number of files that were to be due by the next night; in the next eight days; and their bytes. */
  next: z.int(),
  soon: z.int(),
  soonBytes: z.int(),
  waits: z.enum(WAITS).nullable(),
  /** Until when nights wait for an admin, if they do, and why. */
  pause: z.strictObject({ why: z.enum(["restored", "gap"]), until: z.iso.datetime() }).nullable(),
  /** An admin let the next night delete what it finds. */
  isContinued: z.boolean(),
})
export type Night = z.infer<typeof Night>

/** Stores what a night found and did. */
export async function writeNight(
  retentionNight: Night,
  tx: Pick<Tx, "installation"> = db,
): Promise<Night> {
  await tx.installation.upsert({
    where: { id: 1 },
    create: { retentionNight },
    update: { retentionNight },
    select: { id: true },
  })
  return retentionNight
}

/** Returns what the last night found and did; null without one. */
export async function readNight(tx: Pick<Tx, "installation"> = db): Promise<Night | null> {
  const row = await tx.installation.findFirst({ select: { retentionNight: true } })
  return Night.nullable()
    .catch(null)
    .parse(row?.retentionNight ?? null)
}
