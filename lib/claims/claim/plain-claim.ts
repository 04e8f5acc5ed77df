import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/metrics.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { anyShard, unlockArrays } from "../access/sql-fragments.ts"
import { type Grant, grantOne, ticketOf } from "../grant.ts"
import type { ClaimedRow } from "../rows.ts"
import { CLICKS_AT_ONCE, shareStatement } from "../shared-statement.ts"
import type { Unlock } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { insertPlainClaims, insertUnlockedClaims } from "./plain-claim-statement.ts"

type PlainClick = {
  publicId: Uint8Array
  fileId: string
  unlock: Unlock | null
  directOnly: boolean
  source: VisitorSource
}

/** A claim that was counted. */
type Counted = { row: ClaimedRow; eventId: string; credentialsEnd: Date | null }

// The full statement decides about each click.
const alone = async () => null

const ask = shareStatement<PlainClick, Counted | null>({
  atOnce: CLICKS_AT_ONCE,
  ask: (clicks) => insert(clicks, insertPlainClaims),
  alone,
})

const askUnlocked = shareStatement<PlainClick, Counted | null>({
  atOnce: CLICKS_AT_ONCE,
  ask: (clicks) =>
    insert(clicks, (values) =>
      insertUnlockedClaims({ ...values, ...unlockArrays(clicks.map(({ unlock }) => unlock)) }),
    ),
  alone,
})

/**
 * Counts one claim of one file if insertPlainClaims or, for a visitor who gave a password,
 * insertUnlockedClaims covers it; null: nothing was counted, and another statement decides.
 */
export async function plainClaim(click: PlainClick): Promise<Grant | null> {
  const counted = await (click.unlock ? askUnlocked(click) : ask(click))
  return counted && grantOf(counted)
}

type Insert = (values: Parameters<typeof insertPlainClaims>[0]) => Promise<ClaimedRow[]>

/** What was counted of each click; null where nothing was. */
async function insert(clicks: PlainClick[], statement: Insert): Promise<(Counted | null)[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = clicks.map(() => randomUUID())
  const rows = await statement({
    publicIds: clicks.map(({ publicId }) => publicId),
    fileIds: clicks.map(({ fileId }) => fileId),
    directOnly: clicks.map(({ directOnly }) => directOnly),
    agents: clicks.map(({ source }) => source.agent),
    referrers: clicks.map(({ source }) => source.referrer),
    visitors: clicks.map(({ source }) => source.visitor),
    eventIds,
    shard: anyShard(),
    credentialsEnd,
  })
  metrics().claims.inc(rows.length)
  const counted = new Map(rows.map((row) => [row.place, row]))
  return eventIds.map((eventId, index) => {
    const row = counted.get(index + 1)
    return row ? { row, eventId, credentialsEnd } : null
  })
}

function grantOf({ row, eventId, credentialsEnd }: Counted): Grant {
  const ticket = ticketOf(randomUUID(), row, row.now)
  return { ...grantOne(row, credentialsEnd), eventId, ticket }
}
