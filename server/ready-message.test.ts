import { describe, expect, it } from "vitest"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { readyMessage } from "./ready-message.ts"

const message = (settings: Record<string, string>, setupCode: string | null = null) =>
  readyMessage(readServerConfiguration(settings), setupCode)

describe("the message when Lapse is ready", () => {
  it("says that a proxy is not trusted where APP_URL can only be a proxy's", () => {
    const https = { APP_URL: "https://share.example.org" }

    expect(message(https)).toMatch(/TRUSTED_PROXIES is not set/)
    expect(message({ ...https, TRUSTED_PROXIES: "127.0.0.1" })).not.toMatch(/TRUSTED_PROXIES/)
    expect(message({ APP_URL: "http://localhost:3000" })).not.toMatch(/TRUSTED_PROXIES/)
  })

  it("says both ways to make the first admin where the provider has one", () => {
    const provider = {
      OIDC_ISSUER: "https://login.example.org",
      OIDC_CLIENT_ID: "lapse",
      OIDC_CLIENT_SECRET: "a secret",
    }
    const claim = { ...provider, OIDC_ADMIN_CLAIM: "groups=lapse-admins" }

    expect(message(claim, "code")).toMatch(/setup\?code=code\n.*OIDC_ADMIN_CLAIM/)
    expect(message(provider, "code")).not.toMatch(/OIDC_ADMIN_CLAIM/)
    expect(message(claim)).not.toMatch(/OIDC_ADMIN_CLAIM/)
  })
})
