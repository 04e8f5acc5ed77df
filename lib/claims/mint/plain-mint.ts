import "server-only"
import { randomUUID } from "node:crypto"
import { credentialsExpireAt } from "#lib/storage.ts"
import { ticketArrays } from "../access/sql-fragments.ts"
import { type Grant, grantOne } from "../grant.ts"
import type { GrantedRow } from "../rows.ts"
import { CLICKS_AT_ONCE, shareStatement } from "../shared-statement.ts"
import type { Ticket } from "../visitor/visitor-cookies.ts"
import type { VisitorSource } from "../visitor/visitor-source.ts"
import { insertPlainMints } from "./plain-mint-statement.ts"

type Asked = { publicId: Uint8Array; fileId: string; ticket: Ticket; source: VisitorSource }

const ask = shareStatement<Asked, Grant | null>({
  atOnce: CLICKS_AT_ONCE,
  ask: insert,
  // The full statement decides about each.
  alone: async () => null,
})

/**
 * Grants one file again to the holder of a ticket if insertPlainMints covers it; null: the full
 * statement decides.
 */
export const plainMint = (asked: Asked): Promise<Grant | null> => ask(asked)

async function insert(asked: Asked[]): Promise<(Grant | null)[]> {
  const credentialsEnd = await credentialsExpireAt()
  const eventIds = asked.map(() => randomUUID())
  const rows = await insertPlainMints<GrantedRow>({
    publicIds: asked.map(({ publicId }) => publicId),
    fileIds: asked.map(({ fileId }) => fileId),
    ticketIds: asked.map(({ ticket }) => ticket.id),
    ...ticketArrays(asked.map(({ ticket }) => ticket)),
    agents: asked.map(({ source }) => source.agent),
    referrers: asked.map(({ source }) => source.referrer),
    visitors: asked.map(({ source }) => source.visitor),
    eventIds,
    credentialsEnd,
  })
  const granted = new Map(rows.map((row) => [row.place, row]))
  return eventIds.map((eventId, index) => {
    const row = granted.get(index + 1)
    return row ? { ...grantOne(row, credentialsEnd), eventId, ticket: null } : null
  })
}
