import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { editShare } from "./edit-share.ts"

/**
 * Moves the end of those of the owner's shares that end earlier to this time, including those that
 * have lapsed. Shares that end later or never, and revoked ones, stay as they are. Returns how many
 * it moved. Refuses as `editShare` does; the shares before the refused one are then moved.
 */
export async function extendShares(
  owner: MemberId,
  ids: string[],
  expiresAt: Date,
): Promise<{ count: number }> {
  const earlier = await db.share.findMany({
    where: { id: { in: ids }, ownerId: owner, revokedAt: null, expiresAt: { lt: expiresAt } },
    select: { id: true },
    orderBy: { id: "asc" },
  })
  for (const { id } of earlier) await editShare(owner, id, { expiresAt })
  return { count: earlier.length }
}
