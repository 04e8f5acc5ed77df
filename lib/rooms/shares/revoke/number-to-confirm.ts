import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"

/**
 * The number that an admin types to confirm a revocation: of the shares that will be revoked, or,
 * if none is left to revoke, of those with live URLs.
 */
export const numberToConfirm = ({
  count,
  exposed,
}: Pick<RevokeSharesResult, "count" | "exposed">) => (count > 0 ? count : exposed)
