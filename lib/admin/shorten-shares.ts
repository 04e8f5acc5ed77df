import "server-only"
import { z } from "zod"
import type { AdminId } from "#lib/accounts/member.ts"
import { recordAudit, recordParts } from "#lib/audit/record-audit.ts"
import { databaseTime } from "#lib/database-time.ts"
import { longDb, type Sql, sql, type Tx } from "#lib/db.ts"
import { lockPolicies, readPolicies } from "#lib/policies/read-policies.ts"
import { inBatches, lockedShares } from "#lib/shares/write-in-batches.ts"
import { isOutside } from "./outside-shares.ts"

const DAY_MS = 86_400_000

export const ShortenInput = z.object({
  /** In how many days they end at the latest. */
  endsInDays: z.int("Give a number of days.").min(1, "Give at least one day.").max(36_500),
  /** Only counts. */
  dryRun: z.boolean().optional(),
})
export type ShortenInput = z.infer<typeof ShortenInput>

/** How many shares were shortened, or would be, and when they end now at the latest. */
export type Shortened = { dryRun: boolean; count: number; endsAt: string }

type Ended = { id: string; title: string; expiresBefore: Date | null }

/**
 * Gives the open shares that the policies would not allow today an earlier end, unless they end
 * before it anyway. In batches, each with an audit entry for the act and one for each share in its
 * transaction; a second call goes on where the first one failed. The count is of what was written.
 */
export async function shortenShares(
  admin: AdminId,
  { endsInDays, dryRun = false }: ShortenInput,
): Promise<Shortened> {
  const endsAt = new Date((await databaseTime()).getTime() + endsInDays * DAY_MS)
  const isLater = sql`(expires_at IS NULL OR expires_at > ${endsAt})`
  let count = 0
  if (dryRun) {
    count = await countShares(sql`${isLater} AND ${isOutside(await readPolicies())}`)
  } else {
    await inBatches(isLater, async (next) => {
      const shares = await longDb.$transaction((tx) => shorten(tx, { admin, next, endsAt }))
      count += shares.length
      return shares
    })
  }
  return { dryRun, count, endsAt: endsAt.toISOString() }
}

async function countShares(where: Sql) {
  const [row] = await longDb.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM share WHERE ${where}`
  return row?.count ?? 0
}

type Batch = { admin: AdminId; next: Sql; endsAt: Date }

async function shorten(tx: Tx, { admin, next, endsAt }: Batch): Promise<Ended[]> {
  const outside = isOutside(await lockPolicies(tx))
  const shares = await tx.$queryRaw<Ended[]>`
    WITH chosen AS (${lockedShares(sql`${next} AND ${outside}`)}),
    before AS (SELECT id AS before_id, expires_at FROM share, chosen WHERE id = locked_id)
    UPDATE share SET expires_at = ${endsAt}
    FROM before WHERE id = before_id
    RETURNING id, title, before.expires_at AS "expiresBefore"`
  if (shares.length === 0) return shares
  const act = { actorId: admin, action: "share.shorten" }
  const to = endsAt.toISOString()
  const actId = await recordAudit(tx, { ...act, details: { shares: shares.length, to } })
  const parts = shares.map(({ id, title, expiresBefore }) => ({
    targetId: id,
    details: { title, to, before: expiresBefore?.toISOString() ?? null },
  }))
  await recordParts(tx, { ...act, actId, parts })
  return shares
}
