import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import { anyShard, eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { WANTS } from "../access/judge-rows.ts"
import { unlockColumns } from "../access/proofs.ts"
import type { WantedRow } from "../access/rows.ts"
import { urlBudgetColumns } from "../access/url-budget.ts"
import type { ClaimRow } from "./claim-one.ts"
import { CLICK_ON_FILES, insertClaimsOfFiles } from "./claim-statement.ts"
import { type Click, wantsOf } from "./click.ts"

type Row = ClaimRow &
  WantedRow & {
    view_only: boolean
    /** The seconds until the budget is renewed, if it is used up. */
    budget_wait: number | null
  }

/** Claims many files, or all, in its own statement: it waits for the row of the share. */
export async function claimFiles(click: Click) {
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
