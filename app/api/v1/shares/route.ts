import { parse, readJson, readQuery } from "#lib/input.ts"
import { createShare } from "#lib/shares/create-share.ts"
import { listShares } from "#lib/shares/list-shares.ts"
import { ShareInput, ShareListQuery } from "#lib/shares/share.ts"
import { memberRoute } from "#lib/web/member-route.ts"

export const GET = memberRoute(async ({ id: owner }, request) =>
  Response.json(await listShares(owner, parse(ShareListQuery, readQuery(request)))),
)

export const POST = memberRoute(async ({ id: owner }, request) => {
  const input = parse(ShareInput, await readJson(request))
  return Response.json(await createShare(owner, input), { status: 201 })
})
