import "server-only"
import { z } from "zod"
import { db, sql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { type CutOffRow, cutOffViewOf, selectCutOff } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { isInterrupted, listOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { RevocationReach } from "#lib/rooms/shares/share.ts"
import { findRevoked } from "./find-revoked.ts"

/** The progress of a revocation of many shares, and of its cut off. Times are ISO 8601 UTC. */
export const RevocationView = CutOffView.extend({
  id: z.uuid(),
  /** Whether it also ends the URLs that were minted before. */
  cutOff: z.boolean(),
  reason: z.string().nullable(),
  requestedBy: z.string().nullable(),
  /**
   * The number of selected shares; when all of them are written, the number of those that it ended.
   */
  shares: z.int(),
  sharesDone: z.int(),
  /** True if its process died before all shares were revoked; a job continues within seconds. */
  interrupted: z.boolean(),
  /**
   * The number of files of which a URL could still work when the cut off began; null until that is
   * known.
   */
  files: z.int().nullable(),
  /** The number of those files whose URLs have ended. */
  filesDone: z.int(),
  /** Without a cut off, until when a URL that was minted before may work; null if none does. */
  exposedUntil: z.iso.datetime().nullable(),
  /**
   * The live URLs of the selected shares, and files that other shares have too; null if unknown.
   */
  reach: RevocationReach.nullable().exactOptional(),
})
export type RevocationView = z.infer<typeof RevocationView>

/** Returns a cut off, or a revocation of many shares, for an admin. Refuses `not_found`. */
export async function findRevocation(_by: AuditorId, id: string): Promise<RevocationView> {
  const [cutOff, bulk] = isUuid(id) ? await Promise.all([findCutOff(id), findBulk(id)]) : []
  const part = cutOff ? cutOffPart(cutOff) : bulk && (await plainPart(bulk))
  const asked = cutOff ?? bulk
  if (!asked || !part) throw refusal("not_found", "no_revocation")
  const { reason, requestedBy } = asked
  const revoked = cutOff?.shares ?? bulk?.written ?? 0
  const shares =
    bulk?.doneAt === null
      ? { shares: bulk.total, sharesDone: bulk.written, interrupted: bulk.interrupted }
      : { shares: revoked, sharesDone: revoked, interrupted: false }
  const name = requestedBy && plainName(requestedBy)
  const reach = bulk ? { reach: bulk.reach } : {}
  return { id, ...part, ...shares, ...reach, cutOff: !!cutOff, reason, requestedBy: name }
}

/** Lists the revocations that are not yet complete. */
export async function listRevocations(by: AuditorId): Promise<RevocationView[]> {
  const open = await listOpenChanges(by)
  return Promise.all(open.map(({ id }) => findRevocation(by, id)))
}

type CutOffOfShares = {
  reason: string | null
  requestedBy: string | null
  shares: number
  files: number
  filesDone: number
  view: CutOffRow
}

async function findCutOff(id: string) {
  const [row] = await db.$queryRaw<CutOffOfShares[]>`
    SELECT c.reason, member.name AS "requestedBy",
      (SELECT count(*) FROM cut_off_share s WHERE s.cut_off_id = c.id)::int AS shares,
      counted.files, counted.done AS "filesDone", ${selectCutOff(sql`c.id`)} AS view
    FROM cut_off c
    LEFT JOIN member ON member.id = c.requested_by_id
    CROSS JOIN LATERAL (
      SELECT count(*)::int AS files, (count(*) FILTER (WHERE f.done_at IS NOT NULL))::int AS done
      FROM cut_off_file f WHERE f.cut_off_id = c.id
    ) AS counted
    WHERE c.id = ${id}::uuid`
  return row
}

type Bulk = {
  reason: string | null
  requestedBy: string | null
  byId: string
  requestedAt: Date
  doneAt: Date | null
  total: number
  written: number
  actIds: string[]
  interrupted: boolean
  reach: RevocationReach | null
}

async function findBulk(id: string) {
  const [row] = await db.$queryRaw<Bulk[]>`
    SELECT input->>'reason' AS reason, member.name AS "requestedBy", b.requested_by_id::text AS "byId",
      requested_at AS "requestedAt", done_at AS "doneAt", total, written,
      act_ids::text[] AS "actIds", reach, ${isInterrupted} AS interrupted
    FROM bulk_change b LEFT JOIN member ON member.id = b.requested_by_id
    WHERE b.id = ${id}::uuid AND kind <> 'shortenShares'`
  return row
}

function cutOffPart({ view, files, filesDone }: CutOffOfShares) {
  const known = view.doneAt !== null || files > 0
  return { ...cutOffViewOf(view), files: known ? files : null, filesDone, exposedUntil: null }
}

async function plainPart({ byId, requestedAt, doneAt, actIds }: Bulk) {
  const revoked = doneAt && (await findRevoked(byId, actIds))
  const state: CutOffView["state"] = doneAt ? "done" : "running"
  return {
    state,
    how: null,
    objects: 0,
    probe: null,
    requestedAt: requestedAt.toISOString(),
    doneAt: doneAt?.toISOString() ?? null,
    files: null,
    filesDone: 0,
    exposedUntil: revoked?.exposedUntil ?? null,
  }
}
