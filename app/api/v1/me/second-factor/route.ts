import { parse, readJson } from "#lib/adapters/http/input.ts"
import { NewSecondFactor } from "#lib/rooms/accounts/second-factor/second-factor.ts"
import {
  findSecondFactor,
  removeSecondFactor,
  setSecondFactor,
} from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { factorRoute, memberRoute } from "#lib/web/api/member-route.ts"
import { requireConfirmed } from "#lib/web/api/require-confirmed.ts"

export const GET = factorRoute(async ({ id }) => Response.json(await findSecondFactor(id)))
export const HEAD = GET

/** Turns codes on, with the first one of an authenticator app. */
export const POST = factorRoute(async (member, request) => {
  requireConfirmed(member)
  const input = parse(NewSecondFactor, await readJson(request))
  return Response.json(await setSecondFactor(member, input), { status: 201 })
})

export const DELETE = memberRoute(async (member) => {
  requireConfirmed(member)
  await removeSecondFactor(member)
  return new Response(null, { status: 204 })
})
