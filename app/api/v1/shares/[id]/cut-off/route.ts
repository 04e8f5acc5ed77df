import { cutOffShare } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/** Cuts off the URLs of a share; the share itself does not change. */
export const POST = memberRoute(async ({ id: owner }, _request, { params }: Context) => {
  const { id } = await params
  return Response.json(await cutOffShare(owner, id), { status: 202 })
})
