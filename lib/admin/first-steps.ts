import "server-only"
import type { AdminId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"

/** Whether any share was ever made. */
export async function hasShares(_admin: AdminId): Promise<boolean> {
  return (await db.share.findFirst({ select: { id: true } })) !== null
}
