import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { settings } from "#lib/settings.ts"

/** What a member's files take, unfinished uploads included, and may take; a null quota is no limit. */
export async function readUsage(
  owner: MemberId,
): Promise<{ usedBytes: number; quotaBytes: number | null }> {
  const member = await db.member.findUniqueOrThrow({
    where: { id: owner },
    select: { usedBytes: true, quotaBytes: true },
  })
  const quota = member.quotaBytes ?? settings.DEFAULT_QUOTA_BYTES ?? null
  return {
    usedBytes: Number(member.usedBytes),
    quotaBytes: quota === null ? null : Number(quota),
  }
}
