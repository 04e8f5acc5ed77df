import { editMember } from "#lib/accounts/edit-member.ts"
import { MemberEdit } from "#lib/accounts/member.ts"
import { parse, parseId, readJson } from "#lib/input.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const PATCH = adminRoute(
  async ({ adminId }, request, { params }: RouteContext<"/api/v1/admin/users/[id]">) => {
    const id = parseId((await params).id)
    const edit = parse(MemberEdit, await readJson(request))
    return Response.json(await editMember(adminId, id, edit))
  },
)
