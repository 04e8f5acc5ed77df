import "server-only"

/** Loads the library when the first passkey is used: most processes never need it. */
export const loadWebAuthn = () => import("@simplewebauthn/server")

/** EdDSA, ES256 and RS256 (COSE); every authenticator supports one of them. */
export const ALGORITHMS = [-8, -7, -257]
