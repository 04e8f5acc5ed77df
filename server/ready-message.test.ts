import { describe, expect, it } from "vitest"
import { readServerConfiguration } from "#server/configuration/derive-configuration.ts"
import { readyMessage } from "./ready-message.ts"

const message = (settings: Record<string, string>) =>
  readyMessage(readServerConfiguration(settings), null)

describe("the message when Lapse is ready", () => {
  it("says that a proxy is not trusted where APP_URL can only be a proxy's", () => {
    const https = { APP_URL: "https://share.example.org" }

    expect(message(https)).toMatch(/TRUSTED_PROXIES is not set/)
    expect(message({ ...https, TRUSTED_PROXIES: "127.0.0.1" })).not.toMatch(/TRUSTED_PROXIES/)
    expect(message({ APP_URL: "http://localhost:3000" })).not.toMatch(/TRUSTED_PROXIES/)
  })
})
