import "server-only"
import { z } from "zod"
import { db, type Tx } from "#lib/adapters/database.ts"

/** Why a night deletes nothing and waits for an admin, or for the clocks. */
export const WAITS = ["many", "restored", "clock"] as const

/** What the last night found and did. */
export const Night = z.strictObject({
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
})
export type Night = z.infer<typeof Night>

/** Returns what the last night found and did; null without one. */
export async function readNight(tx: Pick<Tx, "installation"> = db): Promise<Night | null> {
  const row = await tx.installation.findFirst({ select: { retentionNight: true } })
  return Night.nullable()
    .catch(null)
    .parse(row?.retentionNight ?? null)
}
