import "server-only"
import { z } from "zod"
import { db } from "#lib/db.ts"
import { PlainText } from "#lib/plain-text.ts"
import { Uuid } from "#lib/uuid.ts"
import type { AdminId, MemberView } from "./member.ts"
import { memberColumns, memberView } from "./member-columns.ts"

export const MemberQuery = z.object({
  /** A part of a name or an address. */
  q: PlainText.pipe(z.string().max(254)).optional(),
  cursor: Uuid.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type MemberQuery = z.infer<typeof MemberQuery>

/** All members, newest first. The parameter proves that an admin asks. */
export async function listMembers(
  _admin: AdminId,
  { q, cursor, limit }: MemberQuery,
): Promise<{ items: MemberView[]; nextCursor: string | null }> {
  const text = q ? { contains: likeText(q), mode: "insensitive" as const } : null
  const rows = await db.member.findMany({
    where: {
      deletedAt: null,
      ...(text ? { OR: [{ name: text }, { email: text }] } : {}),
      ...(cursor ? { id: { lt: cursor } } : {}), // ids grow with time
    },
    orderBy: { id: "desc" },
    take: limit + 1,
    select: memberColumns,
  })
  const items = rows.slice(0, limit).map(memberView)
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}

// Prisma does not escape the text for LIKE.
const likeText = (text: string) => text.replace(/[\\%_]/g, "\\$&")
