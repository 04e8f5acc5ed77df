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

type Row = ClaimRow & FileRow & { share_id: string }

/** The row of a claim, granted or refused; null if the link is unknown. */
type Claimed = { row: Row; eventId: string; credentialsEnd: Date | null } | null

/** Or the share whose row is locked. */
type Answer = Claimed | { busy: string }

const ask = shareStatement<ClickOnFile, Answer>({
  atOnce: CLICKS_AT_ONCE,
  ask: (clicks) => insert(clicks, insertClaims),
  alone,
})

/** The clicks that wait for a share's row, by any of its links. */
type Queue = { share: string; ask: typeof ask; waiting: number; links: Set<string> }

/** The queues by share, and by the public ids of the links whose clicks wait. */
const queues = new Map<string, Queue>()
const queuesOfLinks = new Map<string, Queue>()

/**
 * Claims one file. Simultaneous clicks share a statement. Clicks on a share whose row is locked
 * wait in a separate queue, which later clicks on that share join.
 */
export async function claimOne(click: ClickOnFile): Promise<Claimed> {
  const link = Buffer.from(click.publicId).toString("hex")
  const share = queuesOfLinks.get(link)?.share
  let answer = share === undefined ? await ask(click) : { busy: share }
  while (isBusy(answer)) answer = await askInQueue(answer.busy, link, click)
  return answer
}

const isBusy = (answer: Answer): answer is { busy: string } => answer !== null && "busy" in answer

async function askInQueue(share: string, link: string, click: ClickOnFile) {
  const queue = queues.get(share) ?? { share, ask: newQueue(), waiting: 0, links: new Set() }
  queues.set(share, queue)
  queuesOfLinks.set(link, queue)
  queue.links.add(link)
  queue.waiting += 1
  try {
    return await queue.ask(click)
  } finally {
    queue.waiting -= 1
    if (queue.waiting === 0) {
      queues.delete(share)
      for (const each of queue.links) queuesOfLinks.delete(each)
    }
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
    if (row?.refusal === "busy") return { busy: row.share_id }
    return row ? { row, eventId, credentialsEnd } : null
  })
}
