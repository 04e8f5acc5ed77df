import "server-only"
import { db, rawSql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import type { ShareKind } from "#lib/rooms/shares/share.ts"
import { endOfShare, hasStatus } from "#lib/rooms/shares/share-sql.ts"

/** Shares are counted up to this number; above it the page only says that there are more. */
export const SHARES_COUNTED_TO = 1_000

const LARGEST = 6
const FAILING = 5

export type Overview = {
  /** Each number is at most `SHARES_COUNTED_TO` + 1; scheduled shares are not open. */
  shares: { open: number; lapsingInADay: number; madeThisWeek: number }
  /** The number of requests for files that end within a day, at most one more. */
  lapsingRequests: number
  members: number
  /** The bytes of files that are not deleted, including unfinished uploads. */
  usedBytes: number
  /** The members who use the most, largest first. */
  largest: { id: string; name: string; usedBytes: number }[]
  /** The last admin, who stays active although the provider's rules exclude them, or null. */
  keptAdmin: string | null
}

type Counts = Overview["shares"] &
  Pick<Overview, "lapsingRequests" | "members"> & { usedBytes: bigint }

// Each count scans only the index of ends, and stops when it has enough.
const opened = (kind: ShareKind, ends: string) =>
  rawSql(`(SELECT count(*)::int FROM (
    SELECT FROM share WHERE ${hasStatus("share", "open")} AND share_kind = '${kind}' ${ends}
    LIMIT ${SHARES_COUNTED_TO + 1}) AS counted)`)
const open = opened("share", "")
const IN_A_DAY = `AND ${endOfShare("share")} <= statement_timestamp() + interval '1 day'`
const lapsing = opened("share", IN_A_DAY)
const requestsLapsing = opened("request", IN_A_DAY)
const madeThisWeek = rawSql(`(SELECT count(*)::int FROM (
  SELECT FROM share WHERE created_at > statement_timestamp() - interval '7 days' AND share_kind = 'share'
  LIMIT ${SHARES_COUNTED_TO + 1}) AS counted)`)

/** Returns the numbers of the admin's first page. Reads only counters and indexes. */
export async function readOverview(_by: AuditorId): Promise<Overview> {
  const [[counts], largest, [admin, another]] = await Promise.all([
    db.$queryRaw<Counts[]>`
      SELECT ${open} AS open, ${lapsing} AS "lapsingInADay", ${madeThisWeek} AS "madeThisWeek",
        ${requestsLapsing} AS "lapsingRequests",
        (SELECT count(*)::int FROM member
          WHERE member_kind = 'person' AND deleted_at IS NULL) AS members,
        (SELECT coalesce(sum(used_bytes), 0)::bigint FROM member) AS "usedBytes"`,
    db.member.findMany({
      where: { usedBytes: { gt: 0n } },
      select: { id: true, name: true, usedBytes: true },
      orderBy: [{ usedBytes: "desc" }, { id: "asc" }],
      take: LARGEST,
    }),
    db.member.findMany({
      where: { kind: "person", role: "admin", disabledAt: null },
      select: { name: true, refusedAt: true },
      take: 2,
    }),
  ])
  if (!counts) throw new Error("A statement without FROM has a row.")
  const { members, usedBytes, lapsingRequests, ...shares } = counts
  return {
    shares,
    lapsingRequests,
    members,
    usedBytes: Number(usedBytes),
    largest: largest.map(({ id, name, usedBytes }) => ({
      id,
      name: plainName(name),
      usedBytes: Number(usedBytes),
    })),
    keptAdmin: admin?.refusedAt && !another ? plainName(admin.name) : null,
  }
}

export type FailingJob = {
  task: string
  attempts: number
  maxAttempts: number
  /** The time of the next attempt. If it is in the past, there are no more attempts. */
  runsAt: string
}

/** Lists the jobs that failed and are not done: their number, and those with most attempts. */
export async function listFailingJobs(
  _by: AuditorId,
): Promise<{ count: number; jobs: FailingJob[] }> {
  const rows = await db.$queryRaw<(Omit<FailingJob, "runsAt"> & { runsAt: Date; count: number })[]>`
    SELECT task_identifier AS task, attempts::int, max_attempts::int AS "maxAttempts",
      run_at AS "runsAt", (count(*) OVER ())::int AS count
    FROM graphile_worker.jobs WHERE last_error IS NOT NULL
    ORDER BY attempts DESC, id LIMIT ${FAILING}`
  return {
    count: rows[0]?.count ?? 0,
    jobs: rows.map(({ count: _, runsAt, ...job }) => ({ ...job, runsAt: runsAt.toISOString() })),
  }
}
