import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { db, sql } from "#lib/db.ts"
import { Refusal } from "#lib/errors.ts"
import { plainName } from "#lib/plain-text.ts"
import { isUuid } from "#lib/uuid.ts"
import type { CutOffView } from "./cut-off.ts"
import { type CutOffRow, selectCutOff, toCutOffView } from "./read-cut-off.ts"

/** How far a cut off of many shares is. */
export type RevocationView = CutOffView & {
  id: string
  reason: string | null
  requestedBy: string | null
  shares: number
  /** Files of which a URL could still work when it began; null until that is known. */
  files: number | null
  /** Those of them whose URLs have ended. */
  filesDone: number
}

type Row = {
  id: string
  reason: string | null
  requestedBy: string | null
  shares: number
  files: number
  filesDone: number
  begun: boolean
  cutOff: CutOffRow
}

/** A cut off by its id, for an admin. Refuses `not_found`. */
export async function findRevocation(_admin: AdminId, id: string): Promise<RevocationView> {
  const [row] = isUuid(id) ? await select(id) : []
  const view = row && toCutOffView(row.cutOff)
  if (!view) throw new Refusal("not_found", "There is no such revocation.")
  return {
    id,
    ...view,
    reason: row.reason,
    requestedBy: row.requestedBy && plainName(row.requestedBy),
    shares: row.shares,
    files: row.begun || row.files > 0 ? row.files : null,
    filesDone: row.filesDone,
  }
}

const select = (id: string) => db.$queryRaw<Row[]>`
  SELECT c.id, c.reason, member.name AS "requestedBy", c.done_at IS NOT NULL AS begun,
    (SELECT count(*) FROM cut_off_share s WHERE s.cut_off_id = c.id)::int AS shares,
    counted.files, counted.done AS "filesDone", ${selectCutOff(sql`c.id`)} AS "cutOff"
  FROM cut_off c
  LEFT JOIN member ON member.id = c.requested_by_id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS files, (count(*) FILTER (WHERE f.done_at IS NOT NULL))::int AS done
    FROM cut_off_file f WHERE f.cut_off_id = c.id
  ) AS counted
  WHERE c.id = ${id}::uuid`
