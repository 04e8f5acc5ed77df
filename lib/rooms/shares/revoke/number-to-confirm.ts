import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"

/**
 * Returns the number that an admin types to confirm a revocation: the number of shares that will be
 * revoked or, if none is left to revoke, of those with live URLs.
 */
export const numberToConfirm = ({
  count,
  exposed,
}: Pick<RevokeSharesResult, "count" | "exposed">) => (count > 0 ? count : exposed)
