import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { MAX_RECIPIENTS } from "./link.ts"
import { typedAs } from "./typed-recipient.ts"

/** How many of a member's latest links are read. */
const LINKS_READ = 1_000

/** Returns the recipients with an address to whom a member's latest links are, the last one first. */
export async function listKnownRecipients(owner: OwnerId): Promise<string[]> {
  const rows = await db.$queryRaw<{ name: string; address: string }[]>`
    SELECT name, address FROM (
      SELECT DISTINCT ON (address) recipient_name AS name, address, id FROM (
        SELECT link.recipient_name, link.address, link.id
        FROM share JOIN link ON link.share_id = share.id
        WHERE share.owner_id = ${owner}::uuid AND NOT link.open AND link.address <> ''
        ORDER BY link.id DESC LIMIT ${LINKS_READ}
      ) AS latest ORDER BY address, id DESC
    ) AS known ORDER BY id DESC LIMIT ${MAX_RECIPIENTS}`
  return rows.map(typedAs)
}
