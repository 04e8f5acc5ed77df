import "server-only"
import { randomUUID } from "node:crypto"
import { addressPrefix } from "#lib/accounts/address-prefix.ts"
import { requireClickable } from "#lib/click-outage.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { refused, whyNoPreview } from "../access/refusals.ts"
import { anyShard, ticketValues, unlockValues } from "../access/sql-fragments.ts"
import { lifetime, presignPreview, type SignedUrl } from "../grant.ts"
import { tooManyUrls } from "../mint/url-budget.ts"
import { type FileRow, readyFiles, type ShareRow } from "../rows.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { previewOf } from "./preview-kind.ts"
import { insertPreview, insertThumbnail } from "./preview-statement.ts"

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
  const counted = {
    visitId: look.cookies.visitId ?? ticketVisit(look.cookies),
    ticketSeconds: ticketSeconds(),
    shard: anyShard(),
  }
  const granted = await grantLook(look, (values) => insertPreview<Row>({ ...values, ...counted }))
  const { file } = granted
  const shown = previewOf(file.name, file.contentType)
  if (!shown) throw refused("no_kind")
  return presignPreview(granted.lifetime, file, shown)
}

/**
 * The same for the thumbnail of a file, which is counted nowhere. Refuses not_found where it has
 * none.
 */
export async function thumbnail(look: Look): Promise<SignedUrl> {
  const { lifetime, file } = await grantLook(look, (values) => insertThumbnail<Row>(values))
  return presignPreview(lifetime, file, file)
}

type Values = Parameters<typeof insertThumbnail>[0]

async function grantLook(look: Look, insert: (values: Values) => Promise<Row[]>) {
  await requireClickable()
  const { publicId, fileId, cookies, source, address } = look
  const credentialsEnd = await credentialsExpireAt()
  const eventId = randomUUID()
  const values: Values = {
    publicId,
    fileId,
    ...ticketValues(cookies.ticket),
    ...unlockValues(cookies.unlock),
    credentialsEnd,
    address: addressPrefix(address),
    eventId,
    ...source,
  }
  const rows = await run(() => insert(values))
  const [row] = rows
  if (!row) throw refused("unknown")
  if (row.too_many) throw tooManyUrls(row.retry_after ?? 1)
  const [file] = readyFiles(rows)
  if (!row.granted || !file) throw whyNoPreview(row, rows, fileId)
  return { lifetime: { ...lifetime(row, credentialsEnd), eventId }, file }
}

/** A client without the page's cookie, such as curl with a cookie jar, is known by its ticket. */
const ticketVisit = ({ ticket }: VisitorCookies) => ticket && Buffer.from(ticket.id)

/** Retries if the share changed during its first mint: nothing was counted then. */
async function run(insert: () => Promise<Row[]>): Promise<Row[]> {
  for (let attempt = 0; attempt < 5; attempt++) {
    const rows = await insert()
    if (!rows[0]?.changed) return rows
  }
  throw new Error("the share kept changing while a preview of it was minted")
}
