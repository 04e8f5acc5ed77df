import { parseId } from "#lib/adapters/http/input.ts"
import { listNewOwners } from "#lib/rooms/accounts/list-new-owners.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Lists the members who can receive the files and shares of a member. */
export const GET = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const items = await listNewOwners(adminId, parseId((await params).id))
  return Response.json({ items, nextCursor: null })
})
export const HEAD = GET
