import type { RevokeSharesResult } from "#lib/shares/share.ts"

/**
 * The number that an admin types to confirm: of the shares that will be revoked; where none is
 * left, of those of which an address may still be out.
 */
export const numberToType = ({ count, reach }: Pick<RevokeSharesResult, "count" | "reach">) =>
  count > 0 ? count : reach.exposedShares
