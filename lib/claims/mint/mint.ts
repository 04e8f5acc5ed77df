import "server-only"
import { randomUUID } from "node:crypto"
import { requireClickable } from "#lib/click-outage.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { whyRefused } from "../access/refusals.ts"
import { ticketValues } from "../access/sql-fragments.ts"
import type { Click } from "../claim/claim.ts"
import { type Grant, grant } from "../grant.ts"
import type { FileRow, ShareRow } from "../rows.ts"
import { mintAll, mintSome } from "./mint-statement.ts"
import { plainMint } from "./plain-mint.ts"
import { tooManyUrls, urlBudgetValues } from "./url-budget.ts"

type Row = ShareRow &
  FileRow & {
    holds: boolean
    view_only: boolean
    granted: boolean
    too_many: boolean | null
    retry_after: number | null
    over_budget: boolean
    budget_wait: number | null
  }

/**
 * Grants the files again to the holder of a ticket and counts nothing; null if the ticket is not
 * valid. Checks all conditions but the limit again. Refuses as `claim` does, and too_many.
 */
export async function mint({
  publicId,
  fileIds,
  cookies,
  ticketAlone = false,
  source,
  chargedTo,
}: Omit<Click, "directOnly">): Promise<Grant | null> {
  const { ticket } = cookies
  if (!ticket) return null
  await requireClickable()
  const asked = fileIds && [...new Set(fileIds)]
  const [fileId] = asked ?? []
  if (fileId && asked?.length === 1 && chargedTo === undefined && !ticketAlone) {
    const granted = await plainMint({ publicId, fileId, ticket, source })
    if (granted) return granted
  }
  const credentialsEnd = await credentialsExpireAt()
  const eventId = randomUUID()
  const run = asked ? mintSome : mintAll
  const rows = await run<Row>({
    publicId,
    fileIds: asked,
    ticketId: ticket.id,
    ...ticketValues(ticket),
    ticketAlone,
    credentialsEnd,
    ...urlBudgetValues(chargedTo),
    eventId,
    ...source,
  })
  const [share] = rows
  if (!share?.holds) return null
  if (share.too_many) throw tooManyUrls(share.retry_after ?? 1)
  if (share.over_budget) throw tooManyUrls(share.budget_wait ?? 1)
  if (!share.granted)
    throw whyRefused({ ...share, unlocked: true, direct: true }, rows, { asked, ticketAlone })
  return { ...grant(share, rows, credentialsEnd), eventId, ticket: null }
}
