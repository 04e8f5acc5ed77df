import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { requireAnyShare } from "#lib/rooms/shares/require-share.ts"
import type { AdminShareView } from "#lib/rooms/shares/share.ts"
import { revokeShares } from "./revoke-shares.ts"

/**
 * Ends the URLs that a revoked share handed out before. It then counts as revoked by an admin, with
 * its earlier reason. Refuses `not_found`, and (conflict) a share that is not revoked.
 */
export async function cutOffRevoked(admin: AdminId, shareId: string): Promise<AdminShareView> {
  const { id, status, revokeReason } = await requireAnyShare(admin, shareId)
  if (status !== "revoked") {
    throw refusal("conflict", "not_revoked")
  }
  await revokeShares(admin, { ids: [id], cutOff: true, reason: revokeReason ?? "" })
  return requireAnyShare(admin, id)
}
