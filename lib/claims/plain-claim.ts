import "server-only"
import { randomUUID } from "node:crypto"
import { log } from "#lib/log.ts"
import { metrics } from "#lib/metrics.ts"
import { outageOf } from "#lib/outage.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { type Grant, type Lifetime, lifetime, type TicketRow, ticketOf } from "./grant.ts"
import { claimPlain } from "./plain-claim-statement.ts"
import { anyShard } from "./sql-fragments.ts"
import type { VisitorSource } from "./visitor-source.ts"

/** Clicks that share a statement. */
const AT_ONCE = 32
/** Statements under way; a second one only for so many clicks that they fill it. */
const STATEMENTS = 2
/** A statement that takes longer does not hold up the clicks behind it. */
const SLOW_MS = 1000

type PlainClick = {
  publicId: Uint8Array
  fileId: string
  directOnly: boolean
  source: VisitorSource
}

type Row = Lifetime &
  TicketRow & {
    place: number
    file_id: string
    name: string
    content_type: string
    size: string
    key: string
  }

/** A claim that was counted. */
type Counted = { row: Row; credentialsEnd: Date | null }

type Waiting = PlainClick & {
  resolve: (counted: Counted | null) => void
  reject: (error: unknown) => void
}

const waiting: Waiting[] = []
let underWay = 0

/**
 * Counts one claim of one file, if it is as plain as claimPlain takes it; null: nothing was counted,
 * ask the full statement. A click is sent at once, or shares the next statement with those that came
 * while one was under way. It never joins one that was sent before it came.
 */
export async function plainClaim(click: PlainClick): Promise<Grant | null> {
  const counted = await new Promise<Counted | null>((resolve, reject) => {
    waiting.push({ ...click, resolve, reject })
    void send()
  })
  return counted && grantOf(counted)
}

async function send() {
  const isFull = waiting.length >= AT_ONCE && underWay < STATEMENTS
  if (waiting.length === 0 || (underWay > 0 && !isFull)) return
  underWay += 1
  const slow = Promise.withResolvers<void>()
  const timer = setTimeout(slow.resolve, SLOW_MS)
  await Promise.race([answer(waiting.splice(0, AT_ONCE)), slow.promise])
  clearTimeout(timer)
  underWay -= 1
  void send()
}

async function answer(clicks: Waiting[]) {
  try {
    const counted = await ask(clicks)
    for (const [index, { resolve }] of clicks.entries()) resolve(counted.get(index + 1) ?? null)
  } catch (error) {
    // A database that answers has undone the statement, and can be asked about each click alone.
    const isOut = outageOf(error) !== null
    if (!isOut) log.warn({ error }, "clicks that shared a statement are asked one by one")
    for (const { resolve, reject } of clicks) isOut ? reject(error) : resolve(null)
  }
}

/** What was counted, by place; places begin at 1. */
async function ask(clicks: PlainClick[]): Promise<Map<number, Counted>> {
  const credentialsEnd = await credentialsExpireAt()
  const rows = await claimPlain<Row>({
    publicIds: clicks.map(({ publicId }) => publicId),
    fileIds: clicks.map(({ fileId }) => fileId),
    directOnly: clicks.map(({ directOnly }) => directOnly),
    agents: clicks.map(({ source }) => source.agent),
    referrers: clicks.map(({ source }) => source.referrer),
    visitors: clicks.map(({ source }) => source.visitor),
    shard: anyShard(),
    credentialsEnd,
  })
  metrics().claims.inc(rows.length)
  return new Map(rows.map((row) => [row.place, { row, credentialsEnd }]))
}

function grantOf({ row, credentialsEnd }: Counted): Grant {
  const { file_id: id, name, content_type: contentType, size, key } = row
  return {
    ...lifetime(row, credentialsEnd),
    files: [{ id, name, contentType, size: Number(size), key }],
    ticket: ticketOf(randomUUID(), row, row.now),
  }
}
