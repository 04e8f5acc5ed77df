import { z } from "zod"
import { watchShares } from "#lib/activity/live-shares.ts"
import { parse, readQuery } from "#lib/input.ts"
import { Uuid } from "#lib/uuid.ts"
import { eventStream } from "#lib/web/event-stream.ts"
import { memberRoute } from "#lib/web/member-route.ts"
import { claimOfRequest } from "#lib/web/session.ts"

/** Shares that one stream may watch. */
const WATCHED_MOST = 200

const LiveQuery = z.object({
  /** Ids with commas between them. */
  ids: z
    .string()
    .transform((text) => text.split(","))
    .pipe(z.array(Uuid).min(1).max(WATCHED_MOST)),
  /** Whether visitors are counted too, which reads events. */
  visitors: z.literal("1").optional(),
})

/** The numbers of some of the member's shares, now and whenever they change. */
export const GET = memberRoute(async ({ id: member }, request) => {
  const { ids, visitors } = parse(LiveQuery, readQuery(request))
  const claim = await claimOfRequest(request)
  return eventStream((sink) =>
    watchShares({
      ...sink,
      member,
      claim,
      shareIds: [...new Set(ids)],
      visitors: visitors === "1",
    }),
  )
})

// Next answers HEAD by running GET, and a stream would stay open.
export const HEAD = memberRoute(async (_member, request) => {
  parse(LiveQuery, readQuery(request))
  return new Response(null, { headers: { "Content-Type": "text/event-stream; charset=utf-8" } })
})
