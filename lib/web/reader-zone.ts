import "server-only"
import { cookies } from "next/headers"
import { ZONE_COOKIE } from "#lib/adapters/http/zone-cookie.ts"
import { isTimeZone } from "#lib/rooms/activity/charts/chart-range.ts"

/** The time zone of the reader's browser, once a page has sent it; until then UTC. */
export async function readerZone(): Promise<string> {
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? ""
  return isTimeZone(zone) ? zone : "UTC"
}
