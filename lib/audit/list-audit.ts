import "server-only"
import { db, noSql, rawSql, sql } from "#lib/db.ts"
import { readCursor, toPage } from "#lib/list-page.ts"
import { plainName } from "#lib/plain-text.ts"
import type { AuditEntryView, AuditQuery } from "./audit-entry.ts"
import { matches } from "./audit-filter.ts"
import { sealedColumns } from "./entry-sql.ts"
import type { SealedEntry } from "./seal.ts"

/** An entry of the list, and whether others are parts of it. */
export type ListedEntry = AuditEntryView & { hasParts: boolean }

/**
 * The audit log, newest first, without the parts of bulk acts unless they or a target are asked
 * for. The caller must have checked that an admin asks: accounts, with AdminId, import this room.
 */
export async function listAudit({
  cursor,
  limit,
  ...filter
}: AuditQuery): Promise<{ items: ListedEntry[]; nextCursor: string | null }> {
  const after = cursor ? readCursor(cursor) : null
  // Parts are looked for after the page is cut, else the planner may hash all of them.
  const rows = await db.$queryRaw<(SealedEntry & { hasParts: boolean })[]>`
    SELECT ${rawSql(sealedColumns("entry"))},
      EXISTS (SELECT FROM audit_entry part WHERE part.act_id = entry.id) AS "hasParts"
    FROM (
      SELECT * FROM audit_entry
      WHERE ${await matches(filter, "asked")}
        ${after ? sql`AND (at, id) < (${after.at}::timestamptz, ${after.id}::uuid)` : noSql}
      ORDER BY at DESC, id DESC LIMIT ${limit + 1}
    ) AS entry
    ORDER BY entry.at DESC, entry.id DESC`
  const { page, nextCursor } = toPage(
    rows.map((row) => ({ ...row, place: row.at })),
    limit,
  )
  return {
    items: page.map(({ place: _, hasParts, ...row }) => ({ ...auditEntryView(row), hasParts })),
    nextCursor,
  }
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
