import { parse } from "#lib/adapters/http/input.ts"
import { listMembers, MemberQuery } from "#lib/rooms/accounts/list-members.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async ({ adminId }, { nextUrl }) =>
  Response.json(
    await listMembers(adminId, parse(MemberQuery, Object.fromEntries(nextUrl.searchParams))),
  ),
)
export const HEAD = GET
