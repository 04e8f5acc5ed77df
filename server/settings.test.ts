import { describe, expect, it } from "vitest"
import { readSettings } from "./settings.ts"
import { isSentence } from "./setup-error.ts"

const SECRETS = { AUTH_SECRET: "a".repeat(32), LINK_SECRET: "b".repeat(32) }

describe("readSettings", () => {
  it("needs nothing: everything is embedded and only this machine may come in", () => {
    expect(readSettings({})).toMatchObject({
      appUrl: new URL("http://localhost:3000"),
      host: "127.0.0.1",
      port: 3000,
      embedsDatabase: true,
      embedsStore: true,
      storeHost: "127.0.0.1",
      storePort: 3001,
      publicStore: new URL("http://localhost:3001"),
    })
  })

  it("takes an empty setting as one that is not set, as compose files write it", () => {
    expect(readSettings({ DATABASE_URL: "", S3_BUCKET: "", PORT: "", HOST: "" })).toEqual(
      readSettings({}),
    )
  })

  it("follows PORT with the address and the store, so that one setting moves everything", () => {
    expect(readSettings({ PORT: "4000" })).toMatchObject({
      appUrl: new URL("http://localhost:4000"),
      storePort: 4001,
      publicStore: new URL("http://localhost:4001"),
    })
  })

  it("follows the port that APP_URL names", () => {
    expect(readSettings({ APP_URL: "http://192.168.1.5:8080" })).toMatchObject({
      port: 8080,
      host: undefined,
      publicStore: new URL("http://192.168.1.5:8081"),
    })
  })

  it.each([
    ["http://localhost:3000", "127.0.0.1"],
    ["http://lapse.localhost:3000", "127.0.0.1"],
    ["http://127.0.0.7", "127.0.0.7"],
    ["http://[::1]:3000", "::1"],
    ["http://127.0.0.1.example.org", undefined],
    ["http://192.168.1.5", undefined],
    ["https://share.example.org", undefined],
  ])("binds loopback exactly when the address is loopback: %s", (APP_URL, host) => {
    expect(readSettings({ APP_URL })).toMatchObject({ host, storeHost: host })
  })

  it("lets HOST and LOCAL_S3_HOST override what is bound", () => {
    const settings = readSettings({ HOST: "0.0.0.0", LOCAL_S3_HOST: "10.0.0.1" })

    expect(settings).toMatchObject({ host: "0.0.0.0", storeHost: "10.0.0.1" })
  })

  it("asks for shared secrets as soon as the database is shared", () => {
    const DATABASE_URL = "postgresql://db.example.org/lapse"

    expect(() => readSettings({ DATABASE_URL })).toThrow(/AUTH_SECRET/)
    expect(() => readSettings({ DATABASE_URL, AUTH_SECRET: "x" })).toThrow(/LINK_SECRET/)
    expect(readSettings({ DATABASE_URL, ...SECRETS }).embedsDatabase).toBe(false)
  })

  it.each([
    ["PORT", { PORT: "80a" }],
    ["PORT", { PORT: "70000" }],
    ["LOCAL_S3_PORT", { LOCAL_S3_PORT: "3000" }],
    ["APP_URL", { APP_URL: "share.example.org" }],
    ["APP_URL", { APP_URL: "ftp://share.example.org" }],
    ["APP_URL", { APP_URL: "https://example.org/share" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "10.0.0.0/40" }],
    ["TRUSTED_PROXIES", { TRUSTED_PROXIES: "10.0.0.1, proxy" }],
    ["S3_PUBLIC_ENDPOINT", { S3_PUBLIC_ENDPOINT: "files" }],
    [
      "S3_PUBLIC_ENDPOINT",
      { APP_URL: "https://a.example.org", S3_PUBLIC_ENDPOINT: "http://b.example.org" },
    ],
  ])("stops with a sentence that names %s: %o", (name, environment) => {
    const error = (() => {
      try {
        return readSettings(environment)
      } catch (thrown) {
        return thrown
      }
    })()

    expect(isSentence(error) && error.message).toContain(name)
  })
})
