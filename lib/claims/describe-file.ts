import "server-only"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import { refused, whyRefused } from "./refusals.ts"
import type { FileRow, GrantedFile, ShareRow } from "./rows.ts"
import {
  CONDITIONS,
  LINK,
  TICKET,
  ticketHolds,
  ticketValues,
  UNLOCK,
  unlockHolds,
  unlockValues,
  wanted,
} from "./sql-fragments.ts"
import type { VisitorCookies } from "./visitor-cookies.ts"

const findFile = statement(
  "describe_file",
  { publicId: "bytea", fileId: "uuid", ...TICKET, ...UNLOCK },
  `
WITH found AS (
  SELECT l.id AS link_id, ${CONDITIONS}, ${ticketHolds()} AS holds, ${unlockHolds()} AS unlocks
  FROM ${LINK}
  WHERE l.public_id = :publicId
),
wanted AS (${wanted("= :fileId")}),
counted AS (
  SELECT found.*, CASE WHEN NOT holds THEN ${limitedClaimsOf("found", "found.share_id")} END AS total
  FROM found
)
SELECT statement_timestamp() AS now, ${statusOf("counted", "counted.total")} AS status, NOT has_password OR unlocks OR holds AS unlocked,
  direct, expires_at, starts_at, mint_ttl_seconds, max_ttl_seconds, true AS signable,
  file_id, name, path, sha256, sha256_verified, content_type, size, file_status, deleted, key, position
FROM counted LEFT JOIN wanted ON true`,
)

type Row = ShareRow & FileRow & { unlocked: boolean; direct: boolean }

/**
 * The file that a click would download, under the same conditions. Counts and mints nothing.
 * Refuses as `claim` does.
 */
export async function describeFile(
  publicId: Uint8Array,
  fileId: string,
  cookies: VisitorCookies,
): Promise<Omit<GrantedFile, "colour">> {
  const rows = await findFile<Row>({
    publicId,
    fileId,
    ...ticketValues(cookies.ticket),
    ...unlockValues(cookies.unlock),
  })
  const [row] = rows
  if (!row) throw refused("unknown")
  const { file_id: id, key } = row
  const here = row.file_status === "ready" && !row.deleted
  if (row.status !== "open" || !row.unlocked || !id || !key || !here) {
    throw whyRefused(row, rows, [fileId], false)
  }
  return { id, key, name: row.name, contentType: row.content_type, size: Number(row.size) }
}
