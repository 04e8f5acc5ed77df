import { afterAll, beforeEach } from "vitest"
import { configuration, type Settings } from "#lib/configuration.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { CLIENT } from "./identity-provider.ts"

const NONE = {
  OIDC_ISSUER: undefined,
  OIDC_CLIENT_ID: undefined,
  OIDC_CLIENT_SECRET: undefined,
  OIDC_NAME: undefined,
  OIDC_ALLOWED_DOMAINS: [],
  OIDC_ALLOWED_GROUPS: [],
  OIDC_ADMIN_CLAIM: undefined,
  OIDC_TRUST_EMAIL: false,
  PASSWORD_SIGN_IN: true,
} satisfies Partial<Settings>

/**
 * Configures the client of a provider before each test of a file. Returns a function that changes
 * settings for the rest of a test.
 */
export function withProvider(): (settings: Partial<Settings>) => void {
  const client = { OIDC_CLIENT_ID: CLIENT.id, OIDC_CLIENT_SECRET: CLIENT.secret }
  beforeEach(() => {
    forgetProcessWide("oidc-provider")
    forgetProcessWide("oidc-keys")
    Object.assign(configuration, NONE, client, { OIDC_NAME: "Example" })
  })
  afterAll(() => Object.assign(configuration, NONE))
  return (settings) => Object.assign(configuration, settings)
}
