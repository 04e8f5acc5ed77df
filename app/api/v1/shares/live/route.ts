import { LiveQuery } from "#lib/activity/live.ts"
import { watchShares } from "#lib/activity/live-shares.ts"
import { parse, readQuery } from "#lib/input.ts"
import { eventStream } from "#lib/web/event-stream.ts"
import { memberRoute } from "#lib/web/member-route.ts"
import { claimOfRequest } from "#lib/web/session.ts"

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
