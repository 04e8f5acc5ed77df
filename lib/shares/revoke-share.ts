import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { provisionalExposure, settleExposure } from "./exposure.ts"
import { requireShare, shareIdOrRefuse } from "./require-share.ts"
import type { ShareView } from "./share.ts"

/**
 * Ends a share at once; its row, counts and events stay. Repeated calls change nothing. Refuses
 * `not_found`.
 */
export async function revokeShare(owner: MemberId, id: string): Promise<ShareView> {
  const revoked = await db.$executeRaw`
    UPDATE share SET revoked_at = clock_timestamp(), revoked_by_id = ${owner}::uuid,
      ticket_epoch = ticket_epoch + 1, exposed_until = ${provisionalExposure}
    WHERE id = ${shareIdOrRefuse(id)}::uuid AND owner_id = ${owner}::uuid AND revoked_at IS NULL`
  if (revoked) await settleExposure([id])
  return requireShare(owner, id)
}
