import "server-only"
import { randomUUID } from "node:crypto"
import { addressPrefix } from "#lib/accounts/address-prefix.ts"
import { requireClickable } from "#lib/click-outage.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { lifetime, presignPreview, type SignedUrl } from "./grant.ts"
import { previewOf } from "./preview-kind.ts"
import { insertPreview } from "./preview-statement.ts"
import { refused, whyNoPreview } from "./refusals.ts"
import { type FileRow, readyFiles, type ShareRow } from "./rows.ts"
import { anyShard, ticketValues, unlockValues } from "./sql-fragments.ts"
import { tooManyUrls } from "./url-budget.ts"
import type { VisitorCookies } from "./visitor-cookies.ts"
import type { VisitorSource } from "./visitor-source.ts"

type Look = {
  /** Read from the link's token. */
  publicId: Uint8Array
  fileId: string
  cookies: VisitorCookies
  source: VisitorSource
  /** The client's address, which is slowed down. */
  address: string
}

type Row = ShareRow &
  FileRow & {
    unlocked: boolean
    preview: boolean
    has_claim: boolean
    granted: boolean
    changed: boolean
    too_many: boolean
    retry_after: number | null
  }

/**
 * A URL to look at a file, which lives as long as that of a download. Counts the first one of a
 * visit and file as a preview, never as a claim; a refusal counts nothing. Refuses as `claim` does,
 * and no_preview, needs_claim, unsupported and too_many.
 */
export async function preview(look: Look): Promise<SignedUrl> {
  requireClickable()
  const { publicId, fileId, cookies, source, address } = look
  const credentialsEnd = await credentialsExpireAt()
  const eventId = randomUUID()
  const rows = await run({
    publicId,
    fileId,
    ...ticketValues(cookies.ticket),
    ...unlockValues(cookies.unlock),
    visitId: cookies.visitId ?? ticketVisit(cookies),
    ticketSeconds: ticketSeconds(),
    credentialsEnd,
    address: addressPrefix(address),
    shard: anyShard(),
    eventId,
    ...source,
  })
  const [row] = rows
  if (!row) throw refused("unknown")
  if (row.too_many) throw tooManyUrls(row.retry_after ?? 1)
  if (!row.granted) throw whyNoPreview(row, rows, fileId)
  const [file] = readyFiles(rows)
  const shown = file && previewOf(file.name, file.contentType)
  if (!shown) throw refused("no_kind")
  return presignPreview({ ...lifetime(row, credentialsEnd), eventId }, file, shown)
}

/** A client without the page's cookie, such as curl with a cookie jar, is known by its ticket. */
const ticketVisit = ({ ticket }: VisitorCookies) => ticket && Buffer.from(ticket.id)

/** Retries if the share changed during its first mint: nothing was counted then. */
async function run(values: Parameters<typeof insertPreview>[0]): Promise<Row[]> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const rows = await insertPreview<Row>(values)
    if (!rows[0]?.changed) return rows
  }
  throw new Error("the share kept changing while a preview of it was minted")
}
