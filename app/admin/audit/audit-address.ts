import { listAddress } from "#lib/web/list-address.ts"

/** The query parameters of the page: the filter as the admin entered it. */
export type AuditAddress = Partial<
  Record<
    | "action"
    | "actorId"
    | "targetId"
    | "actId"
    | "origin"
    | "since"
    | "until"
    | "q"
    | "cursor"
    | "limit",
    string | null | undefined
  >
>

/** The URL of the page with this filter. */
export const auditPage = (address: AuditAddress) => listAddress("/admin/audit", address)

/** The URL that exports all entries matching the filter. */
export const auditExport = (
  kind: "csv" | "jsonl",
  { cursor: _cursor, limit: _limit, ...filter }: AuditAddress,
) => listAddress(`/api/v1/admin/audit.${kind}`, filter)
