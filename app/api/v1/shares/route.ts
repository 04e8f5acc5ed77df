import { parse, readJson, readQuery } from "#lib/adapters/http/input.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { listShares } from "#lib/rooms/shares/list/list-shares.ts"
import { ShareInput, ShareListQuery } from "#lib/rooms/shares/share.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json(await listShares(owner, parse(ShareListQuery, readQuery(request)))),
)

export const POST = memberRoute(async ({ id: owner }, request) => {
  const input = parse(ShareInput, await readJson(request))
  return Response.json(await createShare(owner, input), { status: 201 })
})
