import { readUsage } from "#lib/files/upload/quota.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { changeProfile, ProfileChange } from "#lib/shares/edit/change-profile.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const GET = memberRoute(async ({ id, name, email, role, language }) =>
  Response.json({ id, name, email, role, language, ...(await readUsage(id)) }),
)
export const HEAD = GET

export const PATCH = memberRoute(async ({ id }, request) => {
  await changeProfile(id, parse(ProfileChange, await readJson(request)))
  return new Response(null, { status: 204 })
})
