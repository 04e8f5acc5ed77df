import "server-only"
import { randomUUID } from "node:crypto"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import { requireClickable } from "#lib/adapters/watch/require-clickable.ts"
import { eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { WANTS } from "../access/judge-rows.ts"
import { ticketColumns } from "../access/proofs.ts"
import { type Reason, refused } from "../access/refusals.ts"
import { filesOf, type LifetimeRow, type WantedRow } from "../access/rows.ts"
import { CLICKS_AT_ONCE, shareStatement } from "../access/shared-statement.ts"
import { tooManyUrls, urlBudgetColumns } from "../access/url-budget.ts"
import { type Click, onlyFileOf, wantsOf } from "../claim/click.ts"
import { type Grant, lifetime } from "../grant.ts"
import type { Ticket } from "../visitor/visitor-cookies.ts"
import { insertMints, MINT } from "./mint-statement.ts"

type Asked = Omit<Click, "directOnly" | "cookies"> & { ticket: Ticket }

type Row = LifetimeRow &
  WantedRow & {
    /** The row's index in the arrays, from 1. */
    place: number
    /** Null if it is granted. */
    refusal: Reason | "tries" | "urls" | null
    retry_after: number | null
    view_only: boolean
  }

/** The rows of a mint, granted or refused. There are none if the ticket is not valid. */
type Minted = { rows: Row[]; eventId: string; credentialsEnd: Date | null }

const ask = shareStatement<Asked, Minted>({ atOnce: CLICKS_AT_ONCE, ask: insert, alone })

/**
 * Grants the files again to a visitor with a ticket and counts no claim; null if the ticket is not
 * valid. Checks all conditions but the limit again. Simultaneous mints of one file each share a
 * statement. Refuses as `claim` does, and too_many.
 */
export async function mint({
  cookies,
  ...click
}: Omit<Click, "directOnly">): Promise<Grant | null> {
  const { ticket } = cookies
  if (!ticket) return null
  await requireClickable()
  const asked = { ...click, ticket }
  const isOne = onlyFileOf({ ...click, cookies }) !== undefined
  const { rows, eventId, credentialsEnd } = await (isOne ? ask(asked) : alone(asked))
  const [row] = rows
  if (!row) return null
  const { refusal, view_only: viewOnly, retry_after: seconds } = row
  if (refusal === "tries" || refusal === "urls") throw tooManyUrls(seconds ?? 1)
  if (refusal) throw refused(refusal)
  return { ...lifetime(row, credentialsEnd), files: filesOf(rows), viewOnly, eventId, ticket: null }
}

async function alone(asked: Asked): Promise<Minted> {
  const [minted] = await insert([asked])
  if (!minted) throw new Error("the statement left a mint out")
  return minted
}

async function insert(asked: Asked[]): Promise<Minted[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = asked.map(() => randomUUID())
  const mints = asked.map(
    ({ publicId, fileIds, ticket, ticketAlone, chargedTo, source }, index) => ({
      publicId,
      every: fileIds === null,
      takes: ticketAlone ? "ticket" : "download",
      ticketId: ticket.id,
      ...ticketColumns(ticket),
      ...urlBudgetColumns(chargedTo),
      ...eventColumns(eventIds[index] ?? "", source),
    }),
  )
  const rows = await insertMints<Row>({
    ...arraysOf(MINT, mints),
    ...arraysOf(WANTS, wantsOf(asked)),
    credentialsEnd,
  })
  const minted = Map.groupBy(rows, ({ place }) => place)
  return eventIds.map((eventId, index) => ({
    rows: minted.get(index + 1) ?? [],
    eventId,
    credentialsEnd,
  }))
}
