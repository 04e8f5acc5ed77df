import type { ShareStatus } from "#lib/shares/share.ts"

export type ShareLimits = {
  startsAt: Date | null
  /** Null if it never expires. */
  expiresAt: Date | null
  revokedAt: Date | null
  /** Null if there is no limit. */
  maxDownloads: number | null
  /** Counted claims: the share's own row plus the shards. */
  downloads: number
}

/**
 * Computes the expected status of a share. The product's rule is SQL (lib/shares/share-sql.ts);
 * tests compare the two.
 */
export function shareStatus(share: ShareLimits, now: Date): ShareStatus {
  if (share.revokedAt) return "revoked"
  if (share.expiresAt && share.expiresAt <= now) return "expired"
  if (share.maxDownloads !== null && share.downloads >= share.maxDownloads) return "used_up"
  if (share.startsAt && share.startsAt > now) return "scheduled"
  return "open"
}
