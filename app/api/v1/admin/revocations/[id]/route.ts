import { findRevocation } from "#lib/shares/find-revocation.ts"
import { adminRoute } from "#lib/web/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const GET = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await findRevocation(adminId, id))
})
export const HEAD = GET
