import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { requireRequest } from "./read-requests.ts"
import type { SeenDeliveries } from "./request.ts"

/**
 * Records until when the owner has seen what came in by these deliveries; it is never moved back.
 * Skips deliveries of other requests. Refuses `not_found`, also for another's request.
 */
export async function seeDeliveries(
  owner: OwnerId,
  requestId: string,
  { deliveryIds, until }: SeenDeliveries,
): Promise<void> {
  const { id } = await requireRequest(owner, requestId)
  await db.$executeRaw`
    UPDATE delivery SET seen_at = seen.at
    FROM (SELECT least(${until}::timestamptz, statement_timestamp()) AS at) AS seen
    WHERE share_id = ${id}::uuid AND id = ANY(${deliveryIds}::uuid[]) AND seen_at < seen.at`
}
