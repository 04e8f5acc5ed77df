import "server-only"
import { type Sql, sql } from "#lib/adapters/database.ts"
import type { AuditDetails } from "#lib/rooms/audit/record-audit.ts"
import type { ShareKind } from "./share.ts"

/** What an audit entry says about a share: its title, and that it is a request. */
export const shareDetails = ({ title, kind }: { title: string; kind: ShareKind }): AuditDetails =>
  kind === "request" ? { title, kind } : { title }

/** In SQL: the same of a row with both columns. */
export const shareDetailsOf = (share: Sql): Sql => sql`jsonb_strip_nulls(jsonb_build_object(
  'title', ${share}.title, 'kind', CASE WHEN ${share}.share_kind = 'request' THEN 'request' END))`
