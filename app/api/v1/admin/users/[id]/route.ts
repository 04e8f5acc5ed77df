import { parse, parseId, readJson } from "#lib/adapters/http/input.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import { MemberChange } from "#lib/rooms/accounts/member.ts"
import { changeProfileOf } from "#lib/rooms/accounts/profile/change-profile-of.ts"
import { deleteMember, MemberDeletion } from "#lib/rooms/admin/delete-member.ts"
import { changeMemberAndLinks } from "#lib/rooms/shares/change-member-and-links.ts"
import { adminRoute, immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

type Context = RouteContext<"/api/v1/admin/users/[id]">

export const GET = adminRoute(async ({ adminId }, _request, { params }: Context) =>
  Response.json(await findMemberById(adminId, parseId((await params).id))),
)
export const HEAD = GET

export const PATCH = immediateAdminRoute(async (admin, request, { params }: Context) => {
  const id = parseId((await params).id)
  const change = parse(MemberChange, await readJson(request))
  if (!isPlainDisabling(change)) requireConfirmed(admin)
  const { name, email, ...others } = change
  await changeProfileOf(admin, id, { name, email })
  return Response.json(await changeMemberAndLinks(admin.adminId, id, others))
})

/** Whether a change only disables the member; shares, files and all else stay as they are. */
const isPlainDisabling = ({ disabled, links = "keep", ...others }: MemberChange) =>
  disabled === true && links === "keep" && Object.keys(others).length === 0

export const DELETE = adminRoute(async ({ adminId }, request, { params }: Context) => {
  const id = parseId((await params).id)
  const wanted = parse(MemberDeletion, await readJson(request))
  return Response.json(await deleteMember(adminId, id, wanted))
})
