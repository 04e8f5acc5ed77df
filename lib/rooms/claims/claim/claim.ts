import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import { requireClickable } from "#lib/adapters/watch/require-clickable.ts"
import { anyShard, eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { WANTS } from "../access/judge-rows.ts"
import { unlockColumns } from "../access/proofs.ts"
import { refused } from "../access/refusals.ts"
import { fileOf, filesOf, type WantedRow } from "../access/rows.ts"
import { tooManyUrls, urlBudgetColumns } from "../access/url-budget.ts"
import { type Grant, lifetime, ticketOf } from "../grant.ts"
import { type ClaimRow, claimOne } from "./claim-one.ts"
import { CLICK_ON_FILES, insertClaimsOfFiles } from "./claim-statement.ts"
import { type Click, onlyFileOf, wantsOf } from "./click.ts"

/**
 * Counts one claim against the share and grants its files for a URL's lifetime. A second click of a
 * visit on a limited share, or for many files at once, belongs to the same claim. A refusal counts nothing. Refuses not_found,
 * gone, locked, forbidden, view_only, conflict, unavailable, and too_many if URLs are charged.
 */
export async function claim(click: Click): Promise<Grant> {
  await requireClickable()
  const fileId = onlyFileOf(click)
  if (fileId === undefined) {
    const { rows, eventId, credentialsEnd } = await claimFiles(click)
    const [row] = rows
    if (!row) throw refused("unknown")
    const ticket = ticketFor(row, row.budget_wait)
    const files = filesOf(rows)
    return { ...lifetime(row, credentialsEnd), files, viewOnly: row.view_only, eventId, ticket }
  }
  const { publicId, directOnly, source, cookies } = click
  const { visitId, unlock } = cookies
  const claimed = await claimOne({ publicId, fileId, directOnly, source, visitId, unlock })
  if (!claimed) throw refused("unknown")
  const { row, eventId, credentialsEnd } = claimed
  const ticket = ticketFor(row)
  const files = [fileOf(row)]
  return { ...lifetime(row, credentialsEnd), files, viewOnly: false, eventId, ticket }
}

function ticketFor(row: ClaimRow, budgetWait: number | null = null) {
  const { refusal, ticket_id: id } = row
  if (refusal === "urls") throw tooManyUrls(budgetWait ?? 1)
  if (refusal !== null && refusal !== "busy") throw refused(refusal)
  if (id === null) throw new Error("a claim that is granted has a ticket")
  return ticketOf(id, row, row.claimed_at)
}

type Row = ClaimRow &
  WantedRow & {
    view_only: boolean
    /** The seconds until the budget is renewed, if it is used up. */
    budget_wait: number | null
  }

/** Claims many files, or all, in its own statement: it waits for the row of the share. */
async function claimFiles(click: Click) {
  const credentialsEnd = await credentialsExpireAt()
  const eventId = randomUUID()
  const { publicId, fileIds, directOnly, cookies, source } = click
  const asked = {
    publicId,
    directOnly,
    every: fileIds === null,
    takes: click.ticketAlone ? "ticket" : "download",
    visitId: cookies.visitId,
    claimId: randomUUID(),
    ...unlockColumns(cookies.unlock),
    ...urlBudgetColumns(click.chargedTo),
    ...eventColumns(eventId, source),
  }
  const values = {
    ...arraysOf(CLICK_ON_FILES, [asked]),
    ...arraysOf(WANTS, wantsOf([click])),
    shard: anyShard(),
    credentialsEnd,
  }
  let rows = await insertClaimsOfFiles<Row>(values)
  while (rows[0]?.refusal === "busy") rows = await insertClaimsOfFiles<Row>(values)
  if (rows[0]?.newly) metrics().claims.inc()
  return { rows, eventId, credentialsEnd }
}
