import { listAddress } from "#lib/web/list-address.ts"

/** What the address of the page says: the filter, as it was asked for. */
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

/** The address of the page with this filter. */
export const auditPage = (address: AuditAddress) => listAddress("/admin/audit", address)

/** The address of everything that the filter lets through, as a file. */
export const auditExport = (
  kind: "csv" | "jsonl",
  { cursor: _cursor, limit: _limit, ...filter }: AuditAddress,
) => listAddress(`/api/v1/admin/audit.${kind}`, filter)
