import { parse, readJson } from "#lib/adapters/http/input.ts"
import { THIS_BUILD } from "#lib/adapters/http/this-build.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { changeOwnProfile, ProfileChange } from "#lib/rooms/shares/edit/change-own-profile.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

// Pages check by this route whether the session is valid, and whether the app was updated since
// they were loaded.
const headers = { "lapse-build": THIS_BUILD }

export const GET = memberRoute(async ({ id, name, email, role, language }) =>
  Response.json({ id, name, email, role, language, ...(await readUsage(id)) }, { headers }),
)
export const HEAD = GET

export const PATCH = memberRoute(async (member, request) => {
  await changeOwnProfile(member, parse(ProfileChange, await readJson(request)))
  return new Response(null, { status: 204 })
})
