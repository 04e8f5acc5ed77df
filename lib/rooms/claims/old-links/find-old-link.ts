import "server-only"
import { statement } from "#lib/adapters/database/statement.ts"
import { metrics } from "#lib/adapters/monitoring/metrics.ts"
import { importedHashes, linkToken } from "#lib/adapters/secrets.ts"
import { checkAttempt, clearAttempts } from "#lib/adapters/throttle/attempt-limits.ts"

const askOldLink = statement(
  "old_link",
  { hashes: "bytea[]" },
  `SELECT public_id FROM old_link WHERE hash = ANY(:hashes) AND public_id IS NOT NULL`,
)

/**
 * Returns the token of the link that had this id in an imported app; null if there is none. Such
 * ids can be short or chosen, so wrong ones are counted by address. Refuses `too_many`.
 */
export async function findOldLink(id: string, address: string): Promise<string | null> {
  const counted = await checkAttempt({ purpose: "old_link", subject: id, address })
  const [found] = await askOldLink<{ public_id: Uint8Array }>({
    hashes: importedHashes("link", id),
  })
  if (!found) return null
  await clearAttempts(counted)
  metrics().oldLinks.inc()
  return linkToken(found.public_id)
}
