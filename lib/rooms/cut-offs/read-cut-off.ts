import "server-only"
import { timeText } from "#lib/adapters/database/time-text.ts"
import { db, rawSql, type Sql, sql } from "#lib/adapters/database.ts"
import type { CutOffHow, CutOffView } from "./cut-off.ts"

export type CutOffRow = {
  requestedAt: string
  doneAt: string | null
  how: CutOffHow | null
  objects: number
  probeBefore: number | null
  probeAfter: number | null
  probedAt: string | null
}

const utc = (time: string) => rawSql(timeText(time))

/**
 * Selects the cut off with this id as JSON; null if there is none. Includes only those of its files
 * that match a condition on a row c of cut_off_file.
 */
export const selectCutOff = (id: Sql, files: Sql = sql`true`) => sql`(
  SELECT json_build_object(
    'requestedAt', ${utc("cut_off.requested_at")}, 'doneAt', ${utc("cut_off.done_at")},
    'how', coalesce(ended.how, 'nothing_out'), 'objects', ended.objects,
    'probeBefore', cut_off.probe_before, 'probeAfter', cut_off.probe_after,
    'probedAt', ${utc("cut_off.probed_at")})
  FROM cut_off CROSS JOIN LATERAL (
    SELECT max(c.how) AS how,
      (count(*) FILTER (WHERE c.how IN ('recoloured', 'rekeyed')))::int AS objects
    FROM cut_off_file c WHERE c.cut_off_id = cut_off.id AND ${files}
  ) AS ended
  WHERE cut_off.id = ${id})`

export const toCutOffView = (row: CutOffRow | null): CutOffView | null => row && cutOffViewOf(row)

export function cutOffViewOf(row: CutOffRow): CutOffView {
  const { requestedAt, doneAt, how, objects, probeBefore, probeAfter, probedAt } = row
  return {
    state: stateOf(row),
    how: doneAt ? how : null,
    requestedAt,
    doneAt,
    objects,
    probe:
      probeAfter === null || probedAt === null
        ? null
        : { before: probeBefore, status: probeAfter, at: probedAt },
  }
}

/** A URL that still works after everything was done is a failure, whatever the reason. */
function stateOf({ doneAt, probeAfter }: CutOffRow): CutOffView["state"] {
  if (doneAt === null) return "running"
  return probeAfter !== null && probeAfter < 400 ? "failed" : "done"
}

export async function findFileCutOff(fileId: string): Promise<CutOffView | null> {
  const [row] = await db.$queryRaw<{ cutOff: CutOffRow | null }[]>`
    SELECT ${selectCutOff(sql`file.cut_off_id`)} AS "cutOff" FROM file WHERE id = ${fileId}::uuid`
  return toCutOffView(row?.cutOff ?? null)
}
