import { AuditQuery, listAudit } from "#lib/audit/list-audit.ts"
import { adminRoute } from "#lib/web/member-route.ts"
import { parse } from "#lib/web/parse.ts"

export const GET = adminRoute(async (_admin, { nextUrl }) =>
  Response.json(await listAudit(parse(AuditQuery, Object.fromEntries(nextUrl.searchParams)))),
)
export const HEAD = GET
