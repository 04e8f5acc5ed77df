import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { credentialsExpireAt } from "#lib/adapters/storage.ts"
import { anyShard, eventColumns } from "../access/event-columns.ts"
import { arraysOf } from "../access/input-rows.ts"
import { unlockColumns } from "../access/proofs.ts"
import type { Reason } from "../access/refusals.ts"
import type { FileRow, LifetimeRow, TicketRow } from "../access/rows.ts"
import { CLICKS_AT_ONCE, shareStatement } from "../access/shared-statement.ts"
import type { Unlock } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { CLICK, insertClaims, insertClaimsOfOneShare } from "./claim-statement.ts"

type ClickOnFile = {
  publicId: Uint8Array
  fileId: string
  visitId: Uint8Array | null
  unlock: Unlock | null
  directOnly: boolean
  source: VisitorSource
}

export type ClaimRow = LifetimeRow &
  TicketRow & {
    /** The row's index in the arrays, from 1. */
    place: number
    /** Null if it is granted. */
    refusal: Reason | "busy" | "urls" | null
    ticket_id: string | null
    /** Whether this click counted a new claim. */
    newly: boolean | null
    claimed_at: Date
  }

type Row = ClaimRow & FileRow

/** The row of a claim, granted or refused; null if the link is unknown. */
type Claimed = { row: Row; eventId: string; credentialsEnd: Date | null } | null

type Answer = Claimed | "busy"

const ask = shareStatement<ClickOnFile, Answer>({
  atOnce: CLICKS_AT_ONCE,
  ask: (clicks) => insert(clicks, insertClaims),
  alone,
})

/** The queues of clicks that wait for a share's row, by the link's public id. */
const queues = new Map<string, { ask: typeof ask; waiting: number }>()

/**
 * Claims one file. Simultaneous clicks share a statement. Clicks on a share whose row is locked
 * wait in a separate queue, which later clicks on that share join.
 */
export async function claimOne(click: ClickOnFile): Promise<Claimed> {
  const link = Buffer.from(click.publicId).toString("hex")
  let answer = queues.has(link) ? "busy" : await ask(click)
  while (answer === "busy") answer = await askInQueue(link, click)
  return answer
}

async function askInQueue(link: string, click: ClickOnFile) {
  const queue = queues.get(link) ?? { ask: newQueue(), waiting: 0 }
  queues.set(link, queue)
  queue.waiting += 1
  try {
    return await queue.ask(click)
  } finally {
    queue.waiting -= 1
    if (queue.waiting === 0) queues.delete(link)
  }
}

// One statement at a time, because a second one would wait for the row that the first locked.
const newQueue = () =>
  shareStatement<ClickOnFile, Answer>({
    atOnce: CLICKS_AT_ONCE,
    ask: (clicks) => insert(clicks, insertClaimsOfOneShare),
    alone,
    statements: 1,
  })

async function alone(click: ClickOnFile): Promise<Answer> {
  const [answer = null] = await insert([click], insertClaimsOfOneShare)
  return answer
}

async function insert(clicks: ClickOnFile[], statement: typeof insertClaims): Promise<Answer[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = clicks.map(() => randomUUID())
  const asked = clicks.map(({ unlock, source, ...click }, index) => ({
    ...click,
    claimId: randomUUID(),
    ...unlockColumns(unlock),
    ...eventColumns(eventIds[index] ?? "", source),
  }))
  const rows = await statement<Row>({
    ...arraysOf(CLICK, asked),
    shard: anyShard(),
    credentialsEnd,
  })
  metrics().claims.inc(rows.filter(({ newly }) => newly).length)
  const found = new Map(rows.map((row) => [row.place, row]))
  return eventIds.map((eventId, index) => {
    const row = found.get(index + 1)
    if (row?.refusal === "busy") return "busy"
    return row ? { row, eventId, credentialsEnd } : null
  })
}
