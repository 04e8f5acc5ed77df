import "server-only"

/** Loads the library on first use, because most processes never need it. */
export const loadWebAuthn = () => import("@simplewebauthn/server")

/** EdDSA, ES256 and RS256 (COSE); every authenticator supports one of them. */
export const ALGORITHMS = [-8, -7, -257]
