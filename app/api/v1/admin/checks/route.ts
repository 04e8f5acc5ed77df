import { ChecksInput } from "#lib/checks/checks-input.ts"
import { runChecks, viewChecks } from "#lib/checks.ts"
import { parse, readOptionalJson } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async () => Response.json(await viewChecks()))
export const HEAD = GET

/** Runs the checks, and answers with what they found when they are done. */
export const POST = adminRoute(async (_admin, request) => {
  const { browser } = parse(ChecksInput, await readOptionalJson(request))
  return Response.json(await runChecks(browser))
})
