import { beginConfirmation } from "#lib/web/sign-in/provider-sign-in.ts"

/** Makes the identity provider ask a signed-in member to sign in again, then opens `next`. */
export const GET = beginConfirmation
