import { createHash } from "node:crypto"
import { z } from "zod"
import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { readLiveNumbers } from "#lib/rooms/activity/read-live-numbers.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

/** The largest number of rows on a page of a list. */
const MAX_IDS = 200

const LiveQuery = z.object({
  /** Ids separated by commas. */
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(Uuid).min(1).max(MAX_IDS)),
  /** The share whose visitors are counted too. */
  visitors: Uuid.optional(),
})

/**
 * Returns the counters of those shares that belong to the caller; 304 while they match
 * `If-None-Match`.
 */
export const GET = memberRoute(async ({ id: owner }, request) => {
  const { ids, visitors } = parse(LiveQuery, readQuery(request))
  const body = JSON.stringify({
    items: await readLiveNumbers(owner, { ids, visitorsOf: visitors }),
  })
  // The ETag is weak, so that a proxy which compresses answers keeps it.
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`
  const headers = { ETag: etag }
  if (request.headers.get("if-none-match") === etag)
    return new Response(null, { status: 304, headers })
  return new Response(body, { headers: { ...headers, "Content-Type": "application/json" } })
})
