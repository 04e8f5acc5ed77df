import { cutOffRevoked } from "#lib/rooms/shares/revoke/cut-off-revoked.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await cutOffRevoked(adminId, id), { status: 202 })
})
