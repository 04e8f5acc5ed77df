import { Heartbeat } from "#lib/files/file.ts"
import { recordHeartbeat } from "#lib/files/upload/record-heartbeat.ts"
import { parse, readJson } from "#lib/http/input.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const { fileIds } = parse(Heartbeat, await readJson(request))
  await recordHeartbeat(owner, fileIds)
  return new Response(null, { status: 204 })
})
