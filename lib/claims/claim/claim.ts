import "server-only"
import { randomUUID } from "node:crypto"
import { requireClickable } from "#lib/click-outage.ts"
import { metrics } from "#lib/metrics.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { refused, whyRefused } from "../access/refusals.ts"
import { anyShard, unlockValues } from "../access/sql-fragments.ts"
import { type Grant, grant, ticketOf } from "../grant.ts"
import { tooManyUrls, urlBudgetValues } from "../mint/url-budget.ts"
import type { FileRow, ShareRow, TicketRow } from "../rows.ts"
import type { VisitorCookies } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { claimAll, claimSome } from "./claim-statement.ts"
import { isKnownLimited, lockingClaim, rememberLimit } from "./locking-claim.ts"
import { plainClaim } from "./plain-claim.ts"

export type Click = {
  /** Read from the link's token: an altered token is refused without a query. */
  publicId: Uint8Array
  /** Null: all files of the share that are ready. */
  fileIds: string[] | null
  cookies: VisitorCookies
  /** A GET claims on a direct link only. */
  directOnly: boolean
  /** Takes the ticket of a view-only share, which comes without URLs. */
  ticketAlone?: boolean
  source: VisitorSource
  /**
   * The client's address, whose budget pays for the URLs of many files at once. Without it nothing
   * is charged.
   */
  chargedTo?: string
}

type Row = ShareRow &
  FileRow &
  TicketRow & {
    ticket_id: string | null
    newly: boolean | null
    changed: boolean
    limited: boolean
    claimed_at: Date
    unlocked: boolean
    direct: boolean
    view_only: boolean
    over_budget: boolean
    budget_wait: number | null
  }

/**
 * Counts one claim against the share and grants its files for the lifetime of one URL. A second
 * click of the same visit on a limited share is the same claim. A refusal counts nothing. Refuses
 * not_found, gone, locked, forbidden, view_only, conflict and unavailable, and too_many where URLs are charged.
 */
export async function claim({
  publicId,
  fileIds,
  cookies,
  directOnly,
  ticketAlone = false,
  source,
  chargedTo,
}: Click): Promise<Grant> {
  await requireClickable()
  const asked = fileIds && [...new Set(fileIds)]
  const [fileId] = asked ?? []
  if (fileId && asked?.length === 1 && chargedTo === undefined) {
    const { visitId, unlock } = cookies
    const click = { publicId, fileId, visitId, unlock, directOnly, source }
    const plain = isKnownLimited(publicId) ? null : await plainClaim(click)
    const counted = plain ?? (await lockingClaim(click))
    if (counted) return counted
  }
  const credentialsEnd = await credentialsExpireAt()
  const eventId = randomUUID()
  const rows = await run({
    publicId,
    fileIds: asked,
    visitId: cookies.visitId,
    ticketSeconds: ticketSeconds(),
    claimId: randomUUID(),
    shard: anyShard(),
    ...unlockValues(cookies.unlock),
    directOnly,
    ticketAlone,
    credentialsEnd,
    ...urlBudgetValues(chargedTo),
    eventId,
    ...source,
  })
  const [share] = rows
  if (!share) throw refused("unknown")
  rememberLimit(publicId, share.limited)
  if (share.over_budget) throw tooManyUrls(share.budget_wait ?? 1)
  if (share.ticket_id === null) throw whyRefused(share, rows, { asked, directOnly, ticketAlone })
  if (share.newly) metrics().claims.inc()
  const ticket = ticketOf(share.ticket_id, share, share.claimed_at)
  return { ...grant(share, rows, credentialsEnd), eventId, ticket }
}

/** Retries if the share changed during its first mint: nothing was counted then. */
async function run(values: Parameters<typeof claimSome>[0]): Promise<Row[]> {
  const statement = values.fileIds ? claimSome : claimAll
  for (let attempt = 0; attempt < 5; attempt++) {
    const rows = await statement<Row>(values)
    if (!rows[0]?.changed) return rows
  }
  throw new Error("the share kept changing while it was claimed")
}
