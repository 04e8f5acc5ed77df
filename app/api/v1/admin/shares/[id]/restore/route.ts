import { restoreShareAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = adminRoute(async ({ adminId }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await restoreShareAsAdmin(adminId, id))
})
