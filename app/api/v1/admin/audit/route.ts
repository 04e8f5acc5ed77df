import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { AuditQuery } from "#lib/rooms/audit/audit-entry.ts"
import { listAudit } from "#lib/rooms/audit/list-audit.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async (_admin, request) =>
  Response.json(await listAudit(parse(AuditQuery, readQuery(request)))),
)
export const HEAD = GET
