import { parse, readOptionalJson } from "#lib/adapters/http/input.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { RevokeInput } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

export const POST = memberRoute(async ({ id: owner }, request, { params }: Context) => {
  const { id } = await params
  const input = parse(RevokeInput, await readOptionalJson(request))
  return Response.json(await revokeShare(owner, id, input))
})
