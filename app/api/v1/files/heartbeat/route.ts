import { parse, readJson } from "#lib/adapters/http/input.ts"
import { Heartbeat } from "#lib/rooms/files/file.ts"
import { recordHeartbeat } from "#lib/rooms/files/upload/record-heartbeat.ts"
import { memberRoute } from "#lib/web/api/member-route.ts"

export const POST = memberRoute(async ({ id: owner }, request) => {
  const { fileIds } = parse(Heartbeat, await readJson(request))
  await recordHeartbeat(owner, fileIds)
  return new Response(null, { status: 204 })
})
