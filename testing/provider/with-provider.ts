import { afterAll, beforeEach } from "vitest"
import { configuration, type Settings } from "#lib/adapters/configuration.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { CLIENT, type Person, startProvider } from "./identity-provider.ts"

const NONE = {
  OIDC_ISSUER: undefined,
  OIDC_CLIENT_ID: undefined,
  OIDC_CLIENT_SECRET: undefined,
  OIDC_NAME: undefined,
  OIDC_ALLOWED_DOMAINS: [],
  OIDC_ALLOWED_GROUPS: [],
  OIDC_ADMIN_CLAIM: undefined,
  OIDC_AUDITOR_CLAIM: undefined,
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

const verified = { email_verified: true }
export const PEOPLE = [
  { sub: "nora", name: "Nora New", email: "nora@example.org", ...verified, groups: ["staff"] },
  { sub: "ada", name: "Ada", email: "ada@example.org", ...verified },
  { sub: "eve", name: "Eve Else", email: "ada@example.org", ...verified },
  { sub: "unsaid", name: "Una", email: "una@example.org" },
  { sub: "unverified", name: "Una", email: "una@example.org", email_verified: false },
  { sub: "elsewhere", name: "Els", email: "els@elsewhere.example", ...verified, groups: ["boss"] },
]

/**
 * Starts a provider for the tests of a file, which lets in people of example.org. Each test begins
 * with these settings and untampered tokens.
 */
export async function withStartedProvider(people: Person[] = PEOPLE) {
  const provider = await startProvider({ people })
  afterAll(() => provider.close())
  const set = withProvider()
  beforeEach(() => {
    provider.tamperWith(null)
    set({ OIDC_ISSUER: provider.issuer, OIDC_ALLOWED_DOMAINS: ["example.org"] })
  })
  return { provider, set }
}
