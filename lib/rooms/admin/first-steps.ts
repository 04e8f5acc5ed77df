import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"

type FirstSteps = { hasShares: boolean; members: number }

/** Returns whether any share was ever made, and how many members there are. */
export async function readFirstSteps(_by: AuditorId): Promise<FirstSteps> {
  const [share, members] = await Promise.all([
    db.share.findFirst({ where: { kind: "share" }, select: { id: true } }),
    db.member.count({ where: { kind: "person", deletedAt: null } }),
  ])
  return { hasShares: share !== null, members }
}
