import { readUsage } from "#lib/files/quota.ts"
import { parse, readJson } from "#lib/input.ts"
import { changeProfile, ProfileChange } from "#lib/shares/change-profile.ts"
import { memberRoute } from "#lib/web/member-route.ts"

export const GET = memberRoute(async ({ id, name, email, role }) =>
  Response.json({ id, name, email, role, ...(await readUsage(id)) }),
)
export const HEAD = GET

export const PATCH = memberRoute(async ({ id }, request) => {
  await changeProfile(id, parse(ProfileChange, await readJson(request)))
  return new Response(null, { status: 204 })
})
