import { beginConfirmation } from "#lib/web/sign-in/provider-sign-in.ts"

/** Makes the identity provider ask a signed-in member again, and then goes on to `next`. */
export const GET = beginConfirmation
