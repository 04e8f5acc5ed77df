import { AuditQuery } from "#lib/audit/audit-entry.ts"
import { listAudit } from "#lib/audit/list-audit.ts"
import { parse, readQuery } from "#lib/http/input.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

export const GET = adminRoute(async (_admin, request) =>
  Response.json(await listAudit(parse(AuditQuery, readQuery(request)))),
)
export const HEAD = GET
