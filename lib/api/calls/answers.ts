import "server-only"
import { z } from "zod"
import type { CookieRequest } from "#lib/adapters/http/cookies.ts"
import { jsonTypes } from "#lib/adapters/http/json-types.ts"
import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"
import { isTimeZone } from "#lib/rooms/activity/charts/chart-range.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import { renderPage } from "#lib/rooms/claims/open/page-renderer.ts"

/** The maximum number of items in an answer. */
const MOST_LISTED = 200

export const listOf = <Item extends z.ZodType>(item: Item, most = MOST_LISTED) =>
  z.strictObject({ items: z.array(item).max(most), nextCursor: z.string().nullable() })

/** A page of a list; `total` is null above 1,000. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  listOf(item).extend({ prevCursor: z.string().nullable(), total: z.int().nullable() })

export const idsOf = z.strictObject({ ids: z.array(z.uuid()).max(10_000) })
export const counted = z.strictObject({ count: z.int() })

export const drawnPage = z.strictObject({
  state: z.custom<LinkPage["state"]>().register(jsonTypes, { type: "string" }),
  html: z.string(),
})

/** Renders a visitor's page in the language and the time zone of the caller. */
export function drawPage(page: LinkPage, request: CookieRequest): z.infer<typeof drawnPage> {
  const languages = request.headers.get("accept-language") ?? undefined
  const asked = request.cookies.get(ZONE_COOKIE)?.value ?? ""
  const zone = isTimeZone(asked) ? asked : "UTC"
  return { state: page.state, html: renderPage({ page, languages, zone }) }
}
