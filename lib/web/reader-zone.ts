import "server-only"
import { cookies } from "next/headers"
import { isTimeZone } from "#lib/activity/charts/chart-range.ts"
import { ZONE_COOKIE } from "#lib/http/zone-cookie.ts"

/** The time zone of the reader's browser, once <ReaderZone> has sent it; until then UTC. */
export async function readerZone(): Promise<string> {
  const zone = (await cookies()).get(ZONE_COOKIE)?.value ?? ""
  return isTimeZone(zone) ? zone : "UTC"
}
