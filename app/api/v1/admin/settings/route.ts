import { parse, readJson } from "#lib/adapters/http/input.ts"
import { changeBranding } from "#lib/rooms/admin/change-branding.ts"
import { changeSettings, viewSettings } from "#lib/rooms/admin/change-settings.ts"
import { BrandingChange } from "#lib/rooms/settings/branding.ts"
import { readBranding } from "#lib/rooms/settings/read-branding.ts"
import { SettingsChange } from "#lib/rooms/settings/setting.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

const Change = SettingsChange.extend({ branding: BrandingChange.optional() })

export const GET = adminRoute(async ({ adminId }) => {
  const [settings, branding] = await Promise.all([viewSettings(adminId), readBranding()])
  return Response.json({ settings, branding })
})
export const HEAD = GET

export const PATCH = adminRoute(async ({ adminId }, request) => {
  const { branding, ...change } = parse(Change, await readJson(request))
  return Response.json({
    settings: await changeSettings(adminId, change),
    branding: branding ? await changeBranding(adminId, branding) : await readBranding(),
  })
})
