import "server-only"
import { db, type Sql, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId, OwnerId } from "#lib/rooms/accounts/member.ts"
import { type BulkKind, JOB_AFTER_SECONDS } from "./bulk-change.ts"

/** A change of many shares that is not done yet. */
export type OpenChange = {
  id: string
  kind: BulkKind
  requestedBy: string
  /** The number of shares that were selected when the change was requested. */
  total: number
  /** The number of selected shares that have been changed. */
  written: number
  /** Whether no batch was committed for seconds, because its process died; a job continues it. */
  interrupted: boolean
}

export const listOpenChanges = (_by: AuditorId) => list(sql`true`)

export const listOwnOpenChanges = (owner: OwnerId) =>
  list(sql`kind = 'revokeOwnShares' AND requested_by_id = ${owner}::uuid`)

async function list(where: Sql): Promise<OpenChange[]> {
  const changes = await db.$queryRaw<OpenChange[]>`
    SELECT b.id::text, kind, member.name AS "requestedBy", total, written,
      ${isInterrupted} AS interrupted
    FROM bulk_change b JOIN member ON member.id = b.requested_by_id
    WHERE done_at IS NULL AND kind <> 'shortenShares' AND ${where} ORDER BY requested_at`
  return changes.map(({ requestedBy, ...change }) => ({
    ...change,
    requestedBy: plainName(requestedBy),
  }))
}

/** In SQL: whether a row of bulk_change is interrupted. */
export const isInterrupted = sql`(done_at IS NULL
  AND progressed_at < clock_timestamp() - make_interval(secs => ${JOB_AFTER_SECONDS}::int))`
