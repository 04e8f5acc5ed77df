import "server-only"
import { z } from "zod"
import { containing } from "#lib/database/list-page.ts"
import { ListQuery } from "#lib/database/list-query.ts"
import { countUpTo, sortedPage, totalOf } from "#lib/database/sorted-page.ts"
import { db, joinSql, sql } from "#lib/db.ts"
import { PlainText } from "#lib/text/plain-text.ts"
import type { AdminId, MemberView } from "./member.ts"
import { type MemberRow, memberSql, memberView } from "./member-columns.ts"

export const MemberQuery = ListQuery.extend({
  /** Searches for a part of a name or an address. */
  q: PlainText.pipe(z.string().max(254)).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type MemberQuery = z.infer<typeof MemberQuery>

type Listed = {
  items: MemberView[]
  nextCursor: string | null
  prevCursor: string | null
  /** Null when there are more than 1,000. */
  total: number | null
}

/** Lists all members, newest first. The parameter proves that the caller is an admin. */
export async function listMembers(
  _admin: AdminId,
  { q, cursor, limit }: MemberQuery,
): Promise<Listed> {
  const where = joinSql(
    [
      sql`deleted_at IS NULL`,
      ...(q ? [sql`(name ILIKE ${containing(q)} OR email ILIKE ${containing(q)})`] : []),
    ],
    " AND ",
  )
  const [{ page, ...cursors }, [counted]] = await Promise.all([
    sortedPage({
      sort: "-created",
      key: { by: "created_at", type: "timestamptz" },
      id: "id",
      cursor,
      limit,
      read: (slice) => db.$queryRaw<(MemberRow & { place: string })[]>`
        SELECT ${memberSql}, ${slice.place} AS place FROM member
        WHERE ${where} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}`,
    }),
    db.$queryRaw<{ count: number }[]>`
      SELECT ${countUpTo(sql`SELECT FROM member WHERE ${where}`)} AS count`,
  ])
  const items = page.map(({ place: _, ...row }) => memberView(row))
  return { items, ...cursors, total: totalOf(counted?.count) }
}
