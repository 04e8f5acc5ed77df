import type { RevokeSharesResult } from "#lib/shares/share.ts"

/**
 * The number that an admin types to confirm a revocation: of the shares that will be revoked, or,
 * if none is left to revoke, of those with live URLs.
 */
export const numberToConfirm = ({ count, reach }: Pick<RevokeSharesResult, "count" | "reach">) =>
  count > 0 ? count : reach.exposedShares
