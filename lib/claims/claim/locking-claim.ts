import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/metrics.ts"
import { ticketSeconds } from "#lib/settings.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { anyShard, unlockArrays } from "../access/sql-fragments.ts"
import { type Grant, grantOne, ticketOf } from "../grant.ts"
import type { ClaimedRow } from "../rows.ts"
import { CLICKS_AT_ONCE, shareStatement } from "../shared-statement.ts"
import type { Unlock } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { insertLockingClaims, insertLockingClaimsOfOne } from "./locking-claim-statement.ts"

type LockingClick = {
  publicId: Uint8Array
  fileId: string
  visitId: Uint8Array | null
  unlock: Unlock | null
  directOnly: boolean
  source: VisitorSource
}

type Row = ClaimedRow & {
  busy: boolean
  ticket_id: string | null
  newly: boolean
  limited: boolean
  claimed_at: Date
}

/** Null: nothing was counted; busy: not yet, another has locked the share. */
type Answer = { row: Row; eventId: string; credentialsEnd: Date | null } | "busy" | null

const alone = async () => null

const ask = shareStatement<LockingClick, Answer>({
  atOnce: CLICKS_AT_ONCE,
  ask: (clicks) => insert(clicks, insertLockingClaims),
  alone,
})

/** At most so many links are remembered. */
const KNOWN = 10_000
const known = new Set<string>()

/**
 * Whether the share of a link had a limit when it was last asked about. It decides only which
 * statement is asked first; every statement checks for itself.
 */
export const isKnownLimited = (publicId: Uint8Array) => known.has(nameOf(publicId))

export function rememberLimit(publicId: Uint8Array, isLimited: boolean) {
  const link = nameOf(publicId)
  known.delete(link)
  if (!isLimited) return
  const [oldest] = known
  if (known.size >= KNOWN && oldest !== undefined) known.delete(oldest)
  known.add(link)
}

const nameOf = (publicId: Uint8Array) => Buffer.from(publicId).toString("hex")

/** The clicks on one share that wait for its row, by the link's public id. */
const lines = new Map<string, { ask: typeof ask; waiting: number }>()

/**
 * Counts one claim of one file if insertLockingClaims covers it; null: nothing was counted, and the
 * full statement decides. Clicks on a share whose row is locked wait in a line of their own, which
 * those that come later join.
 */
export async function lockingClaim(click: LockingClick): Promise<Grant | null> {
  const link = nameOf(click.publicId)
  const first = lines.has(link) ? "busy" : await ask(click)
  const answer = first === "busy" ? await askInLine(link, click) : first
  // Still left out after the wait: its share was deleted meanwhile.
  if (answer === "busy" || answer === null) return null
  rememberLimit(click.publicId, answer.row.limited)
  return grantOf(answer)
}

async function askInLine(link: string, click: LockingClick) {
  const line = lines.get(link) ?? { ask: newLine(), waiting: 0 }
  lines.set(link, line)
  line.waiting += 1
  try {
    return await line.ask(click)
  } finally {
    line.waiting -= 1
    if (line.waiting === 0) lines.delete(link)
  }
}

// A second statement would only wait for the row that the first one holds.
const newLine = () =>
  shareStatement<LockingClick, Answer>({
    atOnce: CLICKS_AT_ONCE,
    ask: (clicks) => insert(clicks, insertLockingClaimsOfOne),
    alone,
    statements: 1,
  })

async function insert(
  clicks: LockingClick[],
  statement: typeof insertLockingClaims,
): Promise<Answer[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = clicks.map(() => randomUUID())
  const rows = await statement<Row>({
    publicIds: clicks.map(({ publicId }) => publicId),
    fileIds: clicks.map(({ fileId }) => fileId),
    directOnly: clicks.map(({ directOnly }) => directOnly),
    visitIds: clicks.map(({ visitId }) => visitId),
    claimIds: clicks.map(() => randomUUID()),
    ...unlockArrays(clicks.map(({ unlock }) => unlock)),
    agents: clicks.map(({ source }) => source.agent),
    referrers: clicks.map(({ source }) => source.referrer),
    visitors: clicks.map(({ source }) => source.visitor),
    eventIds,
    ticketSeconds: ticketSeconds(),
    shard: anyShard(),
    credentialsEnd,
  })
  metrics().claims.inc(rows.filter(({ newly }) => newly).length)
  const found = new Map(rows.map((row) => [row.place, row]))
  return eventIds.map((eventId, index) => {
    const row = found.get(index + 1)
    if (row?.busy) return "busy"
    return row?.ticket_id ? { row, eventId, credentialsEnd } : null
  })
}

function grantOf({ row, eventId, credentialsEnd }: Exclude<Answer, "busy" | null>): Grant {
  const ticket = ticketOf(row.ticket_id ?? "", row, row.claimed_at)
  return { ...grantOne(row, credentialsEnd), eventId, ticket }
}
