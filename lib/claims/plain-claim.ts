import "server-only"
import { randomUUID } from "node:crypto"
import { metrics } from "#lib/metrics.ts"
import { credentialsExpireAt } from "#lib/storage.ts"
import { type Grant, grantClaimed, ticketOf } from "./grant.ts"
import { insertPlainClaims } from "./plain-claim-statement.ts"
import type { ClaimedRow } from "./rows.ts"
import { shareStatement } from "./shared-statement.ts"
import { anyShard } from "./sql-fragments.ts"
import type { VisitorSource } from "./visitor-source.ts"

type PlainClick = {
  publicId: Uint8Array
  fileId: string
  directOnly: boolean
  source: VisitorSource
}

/** A claim that was counted. */
type Counted = { row: ClaimedRow; eventId: string; credentialsEnd: Date | null }

const ask = shareStatement<PlainClick, Counted | null>({
  ask: insert,
  // The full statement decides about each click.
  alone: async () => null,
})

/**
 * Counts one claim of one file if insertPlainClaims covers it; null: nothing was counted, and the
 * full statement decides.
 */
export async function plainClaim(click: PlainClick): Promise<Grant | null> {
  const counted = await ask(click)
  return counted && grantOf(counted)
}

/** What was counted of each click; null where nothing was. */
async function insert(clicks: PlainClick[]): Promise<(Counted | null)[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = clicks.map(() => randomUUID())
  const rows = await insertPlainClaims<ClaimedRow>({
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
  return { ...grantClaimed(row, credentialsEnd), eventId, ticket }
}
