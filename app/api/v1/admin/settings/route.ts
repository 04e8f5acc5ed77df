import { changePolicies, viewPolicies } from "#lib/admin/change-policies.ts"
import { parse, readJson } from "#lib/input.ts"
import { PolicyChange } from "#lib/policies/policy.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(async ({ adminId }) =>
  Response.json({ policies: await viewPolicies(adminId) }),
)
export const HEAD = GET

export const PATCH = adminRoute(async ({ adminId }, request) => {
  const change = parse(PolicyChange, await readJson(request))
  return Response.json({ policies: await changePolicies(adminId, change) })
})
