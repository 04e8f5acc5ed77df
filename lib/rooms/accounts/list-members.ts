import "server-only"
import { z } from "zod"
import { containing } from "#lib/adapters/database/list-page.ts"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { countedPage, countRows, type ListedOf } from "#lib/adapters/database/sorted-page.ts"
import { db, joinSql, sql } from "#lib/adapters/database.ts"
import { PlainText } from "#lib/adapters/text/plain-text.ts"
import type { AuditorId, MemberView } from "./member.ts"
import { type MemberRow, memberSql, memberView } from "./member-columns.ts"

/** The sort orders of the members; "-" means descending order. */
const MEMBER_SORTS = [
  "created",
  "-created",
  "name",
  "-name",
  "role",
  "-role",
  "signIn",
  "-signIn",
  "storage",
  "-storage",
] as const
export type MemberSort = (typeof MEMBER_SORTS)[number]

export const MemberQuery = ListQuery.extend({
  /** Searches for a part of a name or address. */
  q: PlainText.pipe(z.string().max(254)).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  /** The default is newest first. */
  sort: z.enum(MEMBER_SORTS).optional(),
})
export type MemberQuery = z.infer<typeof MemberQuery>

const KEYS = {
  created: { by: "created_at", type: "timestamptz" },
  name: { by: "lower(name)", type: "text" },
  /** Admins first, then auditors, and those who are disabled last. */
  role: {
    by: "(CASE WHEN disabled_at IS NOT NULL THEN 3 WHEN role = 'admin' THEN 0 WHEN auditor THEN 1 ELSE 2 END)::bigint",
    type: "bigint",
  },
  signIn: { by: "coalesce(last_sign_in_at, '1970-01-01Z')", type: "timestamptz" },
  storage: { by: "used_bytes", type: "bigint" },
} as const

/** Lists all members. The parameter proves that the caller is an admin. */
export async function listMembers(
  _by: AuditorId,
  query: MemberQuery,
): Promise<ListedOf<MemberView>> {
  const { q } = query
  const where = joinSql(
    [
      sql`member_kind = 'person' AND deleted_at IS NULL`,
      ...(q ? [sql`(name ILIKE ${containing(q)} OR email ILIKE ${containing(q)})`] : []),
    ],
    " AND ",
  )
  return countedPage(
    {
      query,
      keys: KEYS,
      id: "id",
      read: (slice) => db.$queryRaw<(MemberRow & { place: string })[]>`
        SELECT ${memberSql}, ${slice.place} AS place FROM member
        WHERE ${where} AND ${slice.where} ORDER BY ${slice.order} LIMIT ${slice.limit}`,
      view: ({ place, ...row }) => memberView(row),
    },
    countRows(sql`SELECT FROM member WHERE ${where}`),
  )
}
