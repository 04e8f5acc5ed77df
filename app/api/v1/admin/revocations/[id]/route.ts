import { findRevocation } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await findRevocation(adminId, id))
})
export const HEAD = GET
