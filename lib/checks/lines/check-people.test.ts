import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { describeFindings } from "#lib/checks/describe-finding.ts"
import type { Finding } from "#lib/checks/finding.ts"
import { configuration } from "#lib/configuration.ts"
import { db } from "#lib/db.ts"
import { newId } from "#lib/text/uuid.ts"
import { aMailServer, mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { startProvider } from "#testing/provider/identity-provider.ts"
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

  it("says what to set where the issuer is another, no provider, or away", async () => {
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
    expect(away).toMatchObject({ state: "fail", code: "away" })
    expect(inWords("provider", away)).toContain("ECONNREFUSED")
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
    expect(inWords("mail", away)).toContain("ECONNREFUSED")
  })
})
