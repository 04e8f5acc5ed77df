import "server-only"
import { z } from "zod"
import { type Listed, sortedPage } from "#lib/adapters/database/sorted-page.ts"
import { db, rawSql } from "#lib/adapters/database.ts"
import { plainName } from "#lib/adapters/text/plain-text.ts"
import { AuditEntryView, type AuditQuery } from "./audit-entry.ts"
import { matches } from "./audit-filter.ts"
import type { SealedEntry } from "./chain/seal.ts"
import { sealedColumns } from "./entry-sql.ts"

/** An entry of the list, how many others are parts of it, and the conditions that they changed. */
export const ListedEntry = AuditEntryView.extend({ parts: z.int(), partsChanged: z.string() })
export type ListedEntry = z.infer<typeof ListedEntry>

type Row = SealedEntry & { parts: number; partsChanged: string; place: string }

/**
 * Lists the audit log, newest first. Leaves out the parts of bulk actions, unless the filter names
 * a bulk action or a target, or only the part matches a search. The caller must have checked that
 * the member is an admin: this room cannot use AdminId, because accounts imports it.
 */
export async function listAudit({
  cursor,
  limit,
  ...filter
}: AuditQuery): Promise<Listed<ListedEntry>> {
  const where = await matches(filter, "asked")
  return sortedPage({
    query: { sort: "-at", cursor, limit },
    keys: { at: { by: "at", type: "timestamptz" } },
    id: "id",
    // Parts are counted after the page is cut; otherwise the planner may hash all of them.
    read: (slice) => db.$queryRaw<Row[]>`
      SELECT ${rawSql(sealedColumns("entry"))}, entry.place,
        (SELECT count(*)::int FROM audit_entry part WHERE part.act_id = entry.id) AS parts,
        coalesce((SELECT string_agg(DISTINCT part.details->>'changed', ' ') FROM audit_entry part
          WHERE part.act_id = entry.id AND entry.action LIKE '%.edit'), '') AS "partsChanged"
      FROM (
        SELECT *, ${slice.place} AS place FROM audit_entry
        WHERE ${where} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}
      ) AS entry
      ORDER BY ${slice.order}`,
    view: ({ place, parts, partsChanged, ...row }) => ({
      ...auditEntryView(row),
      parts,
      partsChanged,
    }),
  })
}

export function auditEntryView({ at, actor, details, ...row }: SealedEntry): AuditEntryView {
  return {
    ...row,
    actor: plainName(actor),
    at: `${at.slice(0, 23)}Z`,
    details: isRecord(details) ? withoutAddress(row.action, details) : {},
  }
}

/** Leaves out the address of a request, which entries of earlier versions have. */
function withoutAddress(action: string, details: Record<string, unknown>) {
  if (!action.startsWith("request.")) return details
  const { slug: _, slugBefore: _before, ...shown } = details
  return shown
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
