import "server-only"
import { randomUUID } from "node:crypto"
import { log } from "#lib/log.ts"
import { metrics } from "#lib/metrics.ts"
import { outageOf } from "#lib/outage.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { type Grant, lifetime, ticketOf } from "./grant.ts"
import { insertPlainClaims } from "./plain-claim-statement.ts"
import type { LifetimeRow, TicketRow } from "./rows.ts"
import { anyShard } from "./sql-fragments.ts"
import type { VisitorSource } from "./visitor-source.ts"

/** Clicks that share a statement, at most. */
const BATCH_SIZE = 32
/** Statements that run at a time; the second one starts only with a full batch. */
const STATEMENTS = 2
/** The next clicks do not wait longer for a statement. */
const SLOW_MS = 1000

type PlainClick = {
  publicId: Uint8Array
  fileId: string
  directOnly: boolean
  source: VisitorSource
}

type Row = LifetimeRow &
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
let running = 0

/**
 * Counts one claim of one file if insertPlainClaims covers it; null: nothing was counted, and the
 * full statement decides. A click is sent at once, or shares the next statement with the clicks
 * that arrive while one runs. It never joins a statement that was sent before it arrived.
 */
export async function plainClaim(click: PlainClick): Promise<Grant | null> {
  const counted = await new Promise<Counted | null>((resolve, reject) => {
    waiting.push({ ...click, resolve, reject })
    void send()
  })
  return counted && grantOf(counted)
}

async function send() {
  const isFull = waiting.length >= BATCH_SIZE && running < STATEMENTS
  if (waiting.length === 0 || (running > 0 && !isFull)) return
  running += 1
  const slow = Promise.withResolvers<void>()
  const timer = setTimeout(slow.resolve, SLOW_MS)
  await Promise.race([claimBatch(waiting.splice(0, BATCH_SIZE)), slow.promise])
  clearTimeout(timer)
  running -= 1
  void send()
}

async function claimBatch(clicks: Waiting[]) {
  try {
    const counted = await insert(clicks)
    for (const [index, { resolve }] of clicks.entries()) resolve(counted.get(index + 1) ?? null)
  } catch (error) {
    // A database that answers has rolled the statement back: each click is retried alone.
    const isOut = outageOf(error) !== null
    if (!isOut) log.warn({ error }, "clicks that shared a statement are retried one by one")
    for (const { resolve, reject } of clicks) isOut ? reject(error) : resolve(null)
  }
}

/** The claims that were counted, by their place in the batch from 1 on. */
async function insert(clicks: PlainClick[]): Promise<Map<number, Counted>> {
  const credentialsEnd = await credentialsExpireAt()
  const rows = await insertPlainClaims<Row>({
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
