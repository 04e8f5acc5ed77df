import { parse, readQuery } from "#lib/adapters/http/input.ts"
import { AuditFilter } from "#lib/rooms/audit/audit-entry.ts"
import { CSV_HEAD, exportAudit, toCsvLine } from "#lib/rooms/audit/export-audit.ts"
import { lineStream } from "#lib/web/api/line-stream.ts"
import { adminRoute } from "#lib/web/api/member-route.ts"

const HEADERS = {
  "Content-Type": "text/csv; charset=utf-8; header=present",
  "Content-Disposition": 'attachment; filename="audit-log.csv"',
}

export const GET = adminRoute(async (_admin, request) => {
  const batches = exportAudit(parse(AuditFilter, readQuery(request)))
  return new Response(lineStream({ batches, toLine: toCsvLine, head: CSV_HEAD }), {
    headers: HEADERS,
  })
})

export const HEAD = adminRoute(async (_admin, request) => {
  parse(AuditFilter, readQuery(request))
  return new Response(null, { headers: HEADERS })
})
