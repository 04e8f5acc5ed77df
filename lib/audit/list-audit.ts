import "server-only"
import { z } from "zod"
import { db } from "#lib/db.ts"
import { PlainText, plainName } from "#lib/plain-text.ts"
import { Uuid } from "#lib/uuid.ts"
import type { AuditEntryView } from "./audit-entry.ts"

export const AuditQuery = z.object({
  /** An action ("share.revoke") or its room ("share"). */
  action: z
    .string()
    .regex(/^[a-z_]+(\.[a-z_]+)?$/)
    .optional(),
  actorId: Uuid.optional(),
  targetId: PlainText.pipe(z.string().max(100)).optional(),
  cursor: Uuid.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type AuditQuery = z.infer<typeof AuditQuery>

/**
 * The audit log, newest first. The caller must have checked that an admin asks: accounts, with
 * AdminId, import this room.
 */
export async function listAudit({
  action,
  actorId,
  targetId,
  cursor,
  limit,
}: AuditQuery): Promise<{ items: AuditEntryView[]; nextCursor: string | null }> {
  const rows = await db.auditEntry.findMany({
    where: {
      ...(action ? { action: action.includes(".") ? action : { startsWith: `${action}.` } } : {}),
      ...(actorId ? { actorId } : {}),
      ...(targetId ? { targetId } : {}),
    },
    orderBy: [{ at: "desc" }, { id: "desc" }],
    ...(cursor ? { cursor: { id: cursor }, skip: 1 } : {}),
    take: limit + 1,
    select: {
      id: true,
      at: true,
      actorId: true,
      actor: true,
      action: true,
      targetId: true,
      details: true,
    },
  })
  const items = rows.slice(0, limit).map(({ at, details, ...row }) => ({
    ...row,
    actor: plainName(row.actor),
    at: at.toISOString(),
    details: isRecord(details) ? details : {},
  }))
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
