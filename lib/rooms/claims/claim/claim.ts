import "server-only"
import { requireClickable } from "#lib/adapters/watch/require-clickable.ts"
import { refused } from "../access/refusals.ts"
import { fileOf, filesOf } from "../access/rows.ts"
import { tooManyUrls } from "../access/url-budget.ts"
import { type Grant, lifetime, ticketOf } from "../grant.ts"
import { claimFiles } from "./claim-files.ts"
import { type ClaimRow, claimOne } from "./claim-one.ts"
import { type Click, onlyFileOf } from "./click.ts"

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
