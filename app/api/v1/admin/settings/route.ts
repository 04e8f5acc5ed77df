import { changeBranding } from "#lib/admin/change-branding.ts"
import { changePolicies, viewPolicies } from "#lib/admin/change-policies.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { BrandingChange } from "#lib/policies/branding.ts"
import { PolicyChange } from "#lib/policies/policy.ts"
import { readBranding } from "#lib/policies/read-branding.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

const SettingsChange = PolicyChange.extend({ branding: BrandingChange.optional() })

export const GET = adminRoute(async ({ adminId }) => {
  const [policies, branding] = await Promise.all([viewPolicies(adminId), readBranding()])
  return Response.json({ policies, branding })
})
export const HEAD = GET

export const PATCH = adminRoute(async ({ adminId }, request) => {
  const { branding, ...change } = parse(SettingsChange, await readJson(request))
  return Response.json({
    policies: await changePolicies(adminId, change),
    branding: branding ? await changeBranding(adminId, branding) : await readBranding(),
  })
})
