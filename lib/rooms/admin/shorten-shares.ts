import "server-only"
import { z } from "zod"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { longDb, type Sql, sql, type Tx } from "#lib/adapters/database.ts"
import { english } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/rooms/audit/record-audit.ts"
import { lockSettings, readSettings } from "#lib/rooms/settings/read-settings.ts"
import type { Asked, Batch, Written } from "#lib/rooms/shares/bulk/bulk-change.ts"
import {
  type BulkChange,
  changeInBulk,
  continueInBulk,
} from "#lib/rooms/shares/bulk/change-in-bulk.ts"
import { moveEnd } from "#lib/rooms/shares/bulk/move-end.ts"
import { idsOf, lockedShares } from "#lib/rooms/shares/bulk/write-in-batches.ts"
import { daysAfter } from "#lib/rooms/shares/edit/share-times.ts"
import { isOutside } from "./find-outside-shares.ts"

export const ShortenInput = z.strictObject({
  /** The number of days after which the shares end at the latest. */
  endsInDays: z.int(english("input_days")).min(1, english("input_one_day")).max(36_500),
  /** Set to only count the shares. */
  dryRun: z.boolean().optional(),
})
export type ShortenInput = z.infer<typeof ShortenInput>

/** The number of shares that were shortened, or would be, and their new latest end. */
export const Shortened = z.strictObject({
  dryRun: z.boolean(),
  count: z.int(),
  endsAt: z.iso.datetime(),
})
export type Shortened = z.infer<typeof Shortened>

/**
 * Sets an earlier end for the open shares that the settings would not allow today, unless they
 * already end before it. Runs in batches, each with an audit entry for the action, and one for each
 * share in its transaction. If the process dies, a job continues. Counts only written shares.
 */
export async function shortenShares(
  admin: AdminId,
  { endsInDays, dryRun = false }: ShortenInput,
  limit?: number,
): Promise<Shortened> {
  const endsAt = daysAfter(await databaseTime(), endsInDays).toISOString()
  const total = await countShares(sql`${isLater(endsAt)} AND ${isOutside(await readSettings())}`)
  if (dryRun) return { dryRun, count: total, endsAt }
  const { count } = await changeInBulk(
    SHORTENING,
    { by: admin, input: { endsAt }, total },
    { limit },
  )
  return { dryRun, count, endsAt }
}

/** The job that continues an interrupted change and shortens the remaining shares. */
export const continueShortenShares = (id: string) => continueInBulk(SHORTENING, id)

const Shortening = z.object({ endsAt: z.string() })
type Shortening = z.infer<typeof Shortening>

const SHORTENING: BulkChange<Shortening> = {
  kind: "shortenShares",
  parse: (input) => Shortening.parse(input),
  write: shorten,
  inTurns: false, // the end is a column of several indexes
  transaction: (work) => longDb.$transaction(work),
}

const isLater = (endsAt: string) =>
  sql`share_kind = 'share' AND (expires_at IS NULL OR expires_at > ${endsAt}::timestamptz)`

async function countShares(where: Sql) {
  const [row] = await longDb.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM share WHERE ${where}`
  return row?.count ?? 0
}

async function shorten(
  tx: Tx,
  { by, input, origin }: Asked<Shortening>,
  { next, limit }: Batch,
): Promise<Written> {
  const to = input.endsAt
  const outside = isOutside(await lockSettings(tx))
  const chosen = lockedShares(sql`${isLater(to)} AND ${next} AND ${outside}`, limit)
  const shares = await moveEnd(tx, chosen, to)
  const selected = idsOf(shares).sort()
  const written = { selected, count: shares.length, closed: [] }
  if (shares.length === 0) return { ...written, act: null }
  const act = { actorId: by, action: "share.shorten", origin }
  const actId = await recordAudit(tx, { ...act, details: { shares: shares.length, to } })
  const parts = shares.map(({ id, title, expiresBefore }) => ({
    targetId: id,
    details: { title, to, before: expiresBefore?.toISOString() ?? null },
  }))
  await recordParts(tx, { ...act, actId, parts })
  return { ...written, act: actId }
}
