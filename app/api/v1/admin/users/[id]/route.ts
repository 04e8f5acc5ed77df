import { MemberChange } from "#lib/accounts/member.ts"
import { parse, parseId, readJson } from "#lib/input.ts"
import { changeMember } from "#lib/shares/change-member.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const PATCH = adminRoute(
  async ({ adminId }, request, { params }: RouteContext<"/api/v1/admin/users/[id]">) => {
    const id = parseId((await params).id)
    const change = parse(MemberChange, await readJson(request))
    return Response.json(await changeMember(adminId, id, change))
  },
)
