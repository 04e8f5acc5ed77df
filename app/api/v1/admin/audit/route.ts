import { AuditQuery, listAudit } from "#lib/audit/list-audit.ts"
import { parse } from "#lib/input.ts"
import { adminRoute } from "#lib/web/member-route.ts"

export const GET = adminRoute(async (_admin, { nextUrl }) =>
  Response.json(await listAudit(parse(AuditQuery, Object.fromEntries(nextUrl.searchParams)))),
)
export const HEAD = GET
