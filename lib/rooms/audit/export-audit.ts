import "server-only"
import { LOWEST_ID } from "#lib/adapters/database/batch-by-batch.ts"
import { db, rawSql, sql } from "#lib/adapters/database.ts"
import { csvLine } from "#lib/adapters/text/csv.ts"
import type { AuditEntryView, AuditFilter } from "./audit-entry.ts"
import { matches } from "./audit-filter.ts"
import type { SealedEntry } from "./chain/seal.ts"
import { sealedColumns } from "./entry-sql.ts"
import { auditEntryView } from "./list-audit.ts"

const BATCH = 2_000
const FIRST = { at: "0001-01-01T00:00:00Z", id: LOWEST_ID }

/** An entry with its position in the chain; null while it waits for its seal. */
export type ExportedEntry = AuditEntryView & { sequence: number | null }

/**
 * Yields every entry that matches, including the parts of bulk actions, oldest first. Reads in
 * batches, so that a slow reader occupies no database connection. Leaves out entries that are
 * recorded after the call. The caller must have checked that the member is an admin.
 */
export async function* exportAudit(filter: AuditFilter): AsyncGenerator<ExportedEntry[]> {
  // The time is text, because a Date has no microseconds and would leave out the newest entries.
  const [now] = await db.$queryRaw<{ end: string }[]>`SELECT clock_timestamp()::text AS end`
  const end = now?.end ?? ""
  const where = sql`${await matches(filter, "all")} AND at <= ${end}::timestamptz`
  let after = FIRST
  for (;;) {
    // Reads the page of entries first, then their seals; otherwise the planner may join everything.
    const rows = await db.$queryRaw<(SealedEntry & { sequence: bigint | null })[]>`
      SELECT ${rawSql(sealedColumns("entry"))}, seal.sequence
      FROM (
        SELECT * FROM audit_entry
        WHERE ${where} AND (at, id) > (${after.at}::timestamptz, ${after.id}::uuid)
        ORDER BY at, id LIMIT ${BATCH}
      ) AS entry
      LEFT JOIN LATERAL (SELECT * FROM audit_seal WHERE entry_id = entry.id LIMIT 1) AS seal ON true
      ORDER BY entry.at, entry.id`
    const last = rows.at(-1)
    if (last) yield rows.map(exported)
    if (!last || rows.length < BATCH) return
    after = { at: last.at, id: last.id }
  }
}

function exported({ sequence, ...entry }: SealedEntry & { sequence: bigint | null }) {
  return { sequence: sequence === null ? null : Number(sequence), ...auditEntryView(entry) }
}

const COLUMNS = [
  "sequence",
  "at",
  "action",
  "actor",
  "actorId",
  "targetId",
  "actId",
  "origin",
  "details",
] as const

export const toJsonLine = (entry: ExportedEntry) => `${JSON.stringify(entry)}\n`

export const CSV_HEAD = csvLine([...COLUMNS])

/** A line of CSV (RFC 4180), including the line break. */
export function toCsvLine(entry: ExportedEntry): string {
  const cells = COLUMNS.map((name) =>
    name === "details" ? JSON.stringify(entry.details) : entry[name],
  )
  return csvLine(cells)
}
