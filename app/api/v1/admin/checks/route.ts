import { parse, readOptionalJson } from "#lib/adapters/http/input.ts"
import { ChecksInput } from "#lib/rooms/checks/checks-input.ts"
import { runChecks } from "#lib/rooms/checks/run-checks.ts"
import { viewChecks } from "#lib/rooms/checks/view-checks.ts"
import { adminRoute, immediateAdminRoute } from "#lib/web/api/member-route.ts"
import { languageOf } from "#lib/web/reader-language.ts"

export const GET = adminRoute(async (admin, request) =>
  Response.json(await viewChecks(languageOf(admin, request.headers))),
)
export const HEAD = GET

/** Runs the checks, and answers with the findings when they are done. */
export const POST = immediateAdminRoute(async (admin, request) => {
  const { browser } = parse(ChecksInput, await readOptionalJson(request))
  return Response.json(await runChecks(browser, languageOf(admin, request.headers)))
})
