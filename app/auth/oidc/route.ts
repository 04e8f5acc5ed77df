import { beginSignIn } from "#lib/web/sign-in/provider-sign-in.ts"

/** Sends the browser to the identity provider, and then on to `next`, a path of the app. */
export const GET = beginSignIn
