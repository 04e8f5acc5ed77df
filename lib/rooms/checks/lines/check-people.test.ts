import { once } from "node:events"
import { createServer } from "node:http"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import type { Finding } from "#lib/adapters/findings/finding.ts"
import { findProvider } from "#lib/adapters/oidc/provider.ts"
import { tryClient } from "#lib/adapters/oidc/try-client.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { describeFindings } from "#lib/rooms/checks/describe-finding.ts"
import { aMailServer, mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { CLIENT, startProvider } from "#testing/provider/identity-provider.ts"
import { withProvider } from "#testing/provider/with-provider.ts"
import { checkMail } from "./check-mail.ts"
import { checkProvider } from "./check-provider.ts"

const inWords = (id: "provider" | "mail", found: Omit<Finding, "id">) => {
  const [line] = describeFindings([{ id, ...found }])
  return `${line?.sentence} ${line?.fix ?? ""}`
}

describe("the check of the identity provider", () => {
  let provider: Awaited<ReturnType<typeof startProvider>>
  beforeAll(async () => {
    provider = await startProvider({ people: [] })
  })
  afterAll(() => provider.close())
  const set = withProvider()

  it("finds nothing to check without one", async () => {
    expect(await checkProvider()).toEqual({ state: "skipped", code: "none" })
  })

  it("names the addresses to enter there when it answers", async () => {
    set({ OIDC_ISSUER: provider.issuer })

    const found = await checkProvider()

    expect(found).toMatchObject({ state: "ok", code: "ok" })
    const { APP_URL } = configuration
    const words = inWords("provider", found)
    for (const path of ["/api/auth/callback/oidc", "/signed-out", "/auth/oidc/logout"])
      expect(words).toContain(`${APP_URL}${path}`)
    expect(words).not.toContain("{")
  })

  it("says what to set if the issuer is wrong, no provider, or unreachable", async () => {
    set({ OIDC_ISSUER: `${provider.issuer}/` })
    const other = await checkProvider()
    expect(other).toMatchObject({ state: "fail", code: "issuer" })
    expect(inWords("provider", other)).toContain(`set OIDC_ISSUER to exactly ${provider.issuer},`)

    set({ OIDC_ISSUER: `${provider.issuer}/nothing` })
    expect(await checkProvider()).toMatchObject({ state: "fail", code: "answer" })

    const gone = await startProvider({ people: [] })
    await gone.close()
    set({ OIDC_ISSUER: gone.issuer })
    const away = await checkProvider()
    expect(away).toMatchObject({ state: "fail", code: "no_server" })
    expect(inWords("provider", away)).toMatch(/ECONNREFUSED.*Start it, or correct OIDC_ISSUER/)
  })

  it("blames no setting for a fault of the provider", async () => {
    const broken = createServer((_, answer) => answer.writeHead(503).end("maintenance"))
    broken.listen(0, "127.0.0.1")
    await once(broken, "listening")
    const address = broken.address()
    set({ OIDC_ISSUER: `http://localhost:${typeof address === "object" ? address?.port : 0}` })

    const found = await checkProvider()
    broken.closeAllConnections()
    broken.close()

    expect(found).toMatchObject({ state: "fail", code: "down", values: { status: "503" } })
    expect(inWords("provider", found)).not.toContain("OIDC_ISSUER")
  })

  it("finds out whether the provider accepts the secret of the client", async () => {
    for (const by of ["client_secret_basic", "client_secret_post"] as const) {
      const one = await startProvider({ people: [], clientAuthentication: by })
      set({ OIDC_ISSUER: one.issuer, OIDC_CLIENT_SECRET: CLIENT.secret })
      expect(await checkProvider()).toMatchObject({ state: "ok", code: "ok" })

      set({ OIDC_CLIENT_SECRET: "the one of last year" })
      const found = await checkProvider()
      expect(found).toMatchObject({ state: "fail", code: "client" })
      expect(inWords("provider", found)).toMatch(/invalid_client.*OIDC_CLIENT_SECRET/)
      await one.close()
    }
  })

  it.each<[string, number, unknown, string]>([
    ["looks at the code before the secret", 400, { error: "invalid_grant" }, "unknown"],
    ["has another word for it", 400, { error: "invalid_request" }, "unknown"],
    ["is Keycloak", 401, { error: "unauthorized_client" }, "refused"],
    ["says nothing", 200, {}, "unknown"],
    ["is no provider", 401, "<html>", "refused"],
  ])("is honest about a provider that %s", async (_which, status, body, code) => {
    const server = createServer((_, answer) => answer.writeHead(status).end(JSON.stringify(body)))
    server.listen(0, "127.0.0.1")
    await once(server, "listening")
    const address = server.address()
    const token_endpoint = `http://localhost:${typeof address === "object" ? address?.port : 0}`
    set({ OIDC_ISSUER: provider.issuer })
    const found = await tryClient({ ...(await findProvider(provider.issuer)), token_endpoint })
    server.closeAllConnections()
    server.close()
    expect(found.client).toBe(code)
  })
})

describe("the check of mail", () => {
  afterAll(withoutMail)

  it("finds nothing to check without a mail server", async () => {
    expect(await checkMail()).toEqual({ state: "skipped", code: "none" })
  })

  it("sends nothing to a server that answers, and says which mails were not sent", async () => {
    const server = await aMailServer()
    expect(await checkMail()).toMatchObject({ state: "ok" })

    const failed = { kind: "test", toAddress: "a@example.org", values: {}, until: new Date() }
    await db.mail.create({
      data: { id: newId(), ...failed, failedAt: new Date(), answer: "550 No such user" },
    })
    const found = await checkMail()
    await server.close()

    expect(found).toMatchObject({ state: "warn", code: "undelivered", values: { count: 1 } })
    expect(inWords("mail", found)).toContain("“550 No such user”")
    expect(server.mails).toEqual([])
  })

  it("says what a server answers that does not let Lapse in, or that it is away", async () => {
    const server = await aMailServer({ login: { user: "lapse", password: "right" } })
    const { port } = server
    Object.assign(configuration, {
      SMTP_URL: { host: "127.0.0.1", port, security: "none", user: "lapse", password: "wrong" },
    })
    const refused = await checkMail()
    await server.close()
    mailBy(port)
    const away = await checkMail()

    expect(refused).toMatchObject({ state: "fail", code: "refused" })
    expect(inWords("mail", refused)).toContain("535 5.7.8 Authentication credentials invalid")
    expect(inWords("mail", away)).toMatch(/ECONNREFUSED.*Start it, or correct SMTP_URL/)
  })
})
