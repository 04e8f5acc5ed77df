import "server-only"
import { randomUUID } from "node:crypto"
import { addressPrefix } from "#lib/adapters/http/address-prefix.ts"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import type { Takes } from "../access/access.ts"
import { anyShard, eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { ticketColumns, unlockColumns } from "../access/proofs.ts"
import { type Reason, refused } from "../access/refusals.ts"
import { type FileRow, fileOf, type LifetimeRow } from "../access/rows.ts"
import { tooManyUrls } from "../access/url-budget.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { insertLooks, LOOK } from "./look-statement.ts"

type Looking = {
  publicId: Uint8Array
  fileId: string
  takes: Takes
  cookies: VisitorCookies
  /** The client that gets a URL, and its throttled address. Null for a HEAD: it writes nothing. */
  mint: { source: VisitorSource; address: string } | null
}

type Row = LifetimeRow &
  FileRow & {
    /** Null if it is granted. */
    refusal: Reason | "busy" | "urls" | null
    retry_after: number | null
    view_only: boolean
  }

/** Answers a request to view one file, in its own statement: it may wait for the share. */
export async function look({ publicId, fileId, takes, cookies, mint }: Looking) {
  const credentialsEnd = mint && (await credentialsExpireAt())
  const eventId = randomUUID()
  const asked = {
    publicId,
    fileId,
    takes,
    mints: mint !== null,
    visitId: cookies.visitId ?? ticketVisit(cookies),
    address: mint && addressPrefix(mint.address),
    ...ticketColumns(cookies.ticket),
    ...unlockColumns(cookies.unlock),
    ...eventColumns(eventId, mint?.source ?? null),
  }
  const values = {
    ...arraysOf(LOOK, [asked]),
    shard: anyShard(),
    credentialsEnd,
  }
  let [row] = await insertLooks<Row>(values)
  while (row?.refusal === "busy") [row] = await insertLooks<Row>(values)
  if (!row) throw refused("unknown")
  if (row.refusal === "urls") throw tooManyUrls(row.retry_after ?? 1)
  if (row.refusal) throw refused(row.refusal)
  return { row, file: fileOf(row), eventId, credentialsEnd }
}

/** A client without the page's cookie, such as curl with a cookie jar, is known by its ticket. */
const ticketVisit = ({ ticket }: VisitorCookies) => ticket && Buffer.from(ticket.id)
