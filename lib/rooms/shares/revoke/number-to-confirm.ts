import type { RevokeSharesResult } from "#lib/rooms/shares/share.ts"

type Counted = Pick<RevokeSharesResult, "open" | "count" | "exposed">

/**
 * The number that an admin types to confirm a revocation: of the shares that stop working; if none
 * is open, of all that are revoked; if none is left to revoke, of those with live URLs.
 */
export const numberToConfirm = ({ open, count, exposed }: Counted) => open || count || exposed

/** Whether a number confirms a revocation. Programs may also send the `count` of a dry run. */
export const isConfirmed = (number: number, counted: Counted) =>
  number === numberToConfirm(counted) || (number === counted.count && number > 0)
