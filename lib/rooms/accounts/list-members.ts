import "server-only"
import { z } from "zod"
import { containing } from "#lib/adapters/database/list-page.ts"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { countRows, type ListedOf, sortedPage } from "#lib/adapters/database/sorted-page.ts"
import { db, joinSql, sql } from "#lib/adapters/database.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import type { AdminId, MemberView } from "./member.ts"
import { type MemberRow, memberSql, memberView } from "./member-columns.ts"

export const MemberQuery = ListQuery.extend({
  /** Searches for a part of a name or an address. */
  q: PlainText.pipe(z.string().max(254)).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
})
export type MemberQuery = z.infer<typeof MemberQuery>

/** Lists all members, newest first. The parameter proves that the caller is an admin. */
export async function listMembers(
  _admin: AdminId,
  { q, cursor, limit }: MemberQuery,
): Promise<ListedOf<MemberView>> {
  const where = joinSql(
    [
      sql`deleted_at IS NULL`,
      ...(q ? [sql`(name ILIKE ${containing(q)} OR email ILIKE ${containing(q)})`] : []),
    ],
    " AND ",
  )
  const [listed, total] = await Promise.all([
    sortedPage({
      sort: "-created",
      keys: { created: { by: "created_at", type: "timestamptz" } },
      id: "id",
      cursor,
      limit,
      read: (slice) => db.$queryRaw<(MemberRow & { place: string })[]>`
        SELECT ${memberSql}, ${slice.place} AS place FROM member
        WHERE ${where} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}`,
      view: ({ place, ...row }) => memberView(row),
    }),
    countRows(sql`SELECT FROM member WHERE ${where}`),
  ])
  return { ...listed, total }
}
