import "server-only"
import { db, rawSql, sql } from "#lib/db.ts"
import { csvLine } from "#lib/text/csv.ts"
import type { AuditEntryView, AuditFilter } from "./audit-entry.ts"
import { matches } from "./audit-filter.ts"
import type { SealedEntry } from "./chain/seal.ts"
import { sealedColumns } from "./entry-sql.ts"
import { auditEntryView } from "./list-audit.ts"

const BATCH = 2_000
const FIRST = { at: "0001-01-01T00:00:00Z", id: "00000000-0000-0000-0000-000000000000" }

/** An entry with its place in the chain; null while it waits for its seal. */
export type ExportedEntry = AuditEntryView & { sequence: number | null }

/**
 * Every entry that matches, with the parts of bulk acts, oldest first, in batches: a reader takes
 * them at its own pace, and no database connection waits for it. What is recorded after the call is
 * left out. The caller must have checked that an admin asks.
 */
export async function* exportAudit(filter: AuditFilter): AsyncGenerator<ExportedEntry[]> {
  // As a text: a Date has no microseconds, and what was just recorded would be left out.
  const [now] = await db.$queryRaw<{ end: string }[]>`SELECT clock_timestamp()::text AS end`
  const end = now?.end ?? ""
  const where = sql`${await matches(filter, "all")} AND at <= ${end}::timestamptz`
  let after = FIRST
  for (;;) {
    // The page of entries first, then their seals: else the planner may join everything.
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

/** A line of JSON Lines, with its end. */
export const toJsonLine = (entry: ExportedEntry) => `${JSON.stringify(entry)}\n`

/** The first line of the CSV. */
export const CSV_HEAD = csvLine([...COLUMNS])

/** A line of CSV (RFC 4180), with its end. */
export function toCsvLine(entry: ExportedEntry): string {
  const cells = COLUMNS.map((name) =>
    name === "details" ? JSON.stringify(entry.details) : entry[name],
  )
  return csvLine(cells)
}
