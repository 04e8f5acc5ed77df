import "server-only"
import { db, noSql, rawSql, sql } from "#lib/db.ts"
import { readCursor, toPage } from "#lib/list-page.ts"
import { plainName } from "#lib/plain-text.ts"
import type { AuditEntryView, AuditQuery } from "./audit-entry.ts"
import { matches } from "./audit-filter.ts"
import { sealedColumns } from "./entry-sql.ts"
import type { SealedEntry } from "./seal.ts"

/**
 * The audit log, newest first, without the parts of bulk acts unless they or a target are asked
 * for. The caller must have checked that an admin asks: accounts, with AdminId, import this room.
 */
export async function listAudit({
  cursor,
  limit,
  ...filter
}: AuditQuery): Promise<{ items: AuditEntryView[]; nextCursor: string | null }> {
  const after = cursor ? readCursor(cursor) : null
  const rows = await db.$queryRaw<SealedEntry[]>`
    SELECT ${rawSql(sealedColumns("audit_entry"))} FROM audit_entry
    WHERE ${await matches(filter, "asked")}
      ${after ? sql`AND (audit_entry.at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : noSql}
    ORDER BY audit_entry.at DESC, id DESC LIMIT ${limit + 1}`
  const { page, nextCursor } = toPage(
    rows.map((row) => ({ ...row, place: row.at })),
    limit,
  )
  return { items: page.map(({ place: _, ...row }) => auditEntryView(row)), nextCursor }
}

/** An entry as admins see it. */
export function auditEntryView({ at, actor, details, ...row }: SealedEntry): AuditEntryView {
  return {
    ...row,
    actor: plainName(actor),
    at: `${at.slice(0, 23)}Z`,
    details: isRecord(details) ? details : {},
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
