import { parse, readJson } from "#lib/adapters/http/input.ts"
import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"
import { isTimeZone } from "#lib/rooms/activity/charts/chart-range.ts"
import { renderPage } from "#lib/rooms/claims/open/page-renderer.ts"
import { PagePreview, previewPage } from "#lib/rooms/claims/open/preview-page.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

type Context = { params: Promise<{ id: string }> }

/**
 * Returns the visitor's page under conditions that are not saved, as JSON, so that no browser
 * renders it as a document of this origin. It changes nothing.
 */
export const POST = memberRoute(async (member, request, { params }: Context) => {
  const conditions = parse(PagePreview, await readJson(request))
  const page = await previewPage(member, (await params).id, conditions)
  const languages = request.headers.get("accept-language") ?? undefined
  const asked = request.cookies.get(ZONE_COOKIE)?.value ?? ""
  const zone = isTimeZone(asked) ? asked : "UTC"
  return Response.json({ state: page.state, html: renderPage({ page, languages, zone }) })
})
