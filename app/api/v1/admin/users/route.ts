import { listMembers, MemberQuery } from "#lib/accounts/list-members.ts"
import { parse } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, { nextUrl }) =>
  Response.json(
    await listMembers(adminId, parse(MemberQuery, Object.fromEntries(nextUrl.searchParams))),
  ),
)
export const HEAD = GET
