import { endSignIn } from "#lib/web/sign-in/provider-sign-in.ts"

/** The callback, to which the identity provider sends the browser back. */
export const GET = endSignIn
