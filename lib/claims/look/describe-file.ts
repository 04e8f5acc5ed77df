import "server-only"
import { isAllowed } from "#lib/policies/read-policies.ts"
import { limitedClaimsOf, statusOf } from "#lib/shares/share-sql.ts"
import { statement } from "#lib/statement.ts"
import { refused, whyNoPreview, whyRefused } from "../access/refusals.ts"
import {
  CONDITIONS,
  hasClaim,
  LINK,
  TICKET,
  ticketHolds,
  ticketValues,
  UNLOCK,
  unlockHolds,
  unlockValues,
  wanted,
} from "../access/sql-fragments.ts"
import { type FileRow, type GrantedFile, readyFiles, type ShareRow } from "../rows.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import { previewOf } from "./preview-kind.ts"

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
SELECT statement_timestamp() AS now, view_only, preview AND ${isAllowed("previews")} AS preview, ${hasClaim("counted")} AS has_claim, ${statusOf("counted", "counted.total")} AS status, NOT has_password OR unlocks OR holds AS unlocked,
  direct, expires_at, starts_at, mint_ttl_seconds, max_ttl_seconds, true AS signable,
  file_id, name, path, sha256, sha256_verified, content_type, size, file_status, deleted, key, position
FROM counted LEFT JOIN wanted ON true`,
)

type Row = ShareRow &
  FileRow & {
    unlocked: boolean
    direct: boolean
    view_only: boolean
    preview: boolean
    has_claim: boolean
  }

type Described = Omit<GrantedFile, "colour">

/**
 * The file that a click would download, under the same conditions. Counts and mints nothing.
 * Refuses as `claim` does.
 */
export async function describeFile(
  publicId: Uint8Array,
  fileId: string,
  cookies: VisitorCookies,
): Promise<Described> {
  const { rows, row, file } = await find(publicId, fileId, cookies)
  if (!file || row.view_only) throw whyRefused(row, rows, { asked: [fileId] })
  return file
}

/** The file that a preview would show, as it would show it. Refuses as `preview` does. */
export async function describePreview(
  publicId: Uint8Array,
  fileId: string,
  cookies: VisitorCookies,
): Promise<Described> {
  const { rows, row, file } = await find(publicId, fileId, cookies)
  const shown = file && previewOf(file.name, file.contentType)
  if (!shown || !row.preview || !row.has_claim) throw whyNoPreview(row, rows, fileId)
  return { ...file, contentType: shown.contentType }
}

/** The file of an open link, null where it is not ready or the link does not open. */
async function find(publicId: Uint8Array, fileId: string, cookies: VisitorCookies) {
  const rows = await findFile<Row>({
    publicId,
    fileId,
    ...ticketValues(cookies.ticket),
    ...unlockValues(cookies.unlock),
  })
  const [row] = rows
  if (!row) throw refused("unknown")
  const opens = row.status === "open" && row.unlocked
  return { rows, row, file: (opens && readyFiles(rows)[0]) || null }
}
