import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { NextRequest } from "next/server"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { POST as logout } from "#app/auth/oidc/logout/route.ts"
import { configuration, trust } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { findSignOutAddress } from "#lib/adapters/oidc/provider.ts"
import { recordFailedSignIns } from "#lib/rooms/accounts/sign-in/record-failed-sign-ins.ts"
import { findSessionMember } from "#lib/rooms/accounts/sign-in/session.ts"
import { checkProvider } from "#lib/rooms/checks/lines/check-provider.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { CA_FILE } from "#testing/mail/mail-server.ts"
import {
  hasLemonldap,
  LEMONLDAP_CLIENT,
  PACKAGES,
  startLemonldap,
} from "#testing/provider/lemonldap.ts"
import { aBrowser, atCallback, type Browser } from "#testing/provider/test-browser.ts"
import { withProvider } from "#testing/provider/with-provider.ts"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

// Signs people of a directory in with LemonLDAP::NG, a provider that is not a test double.
// LAPSE_TEST_LEMONLDAP=1 runs these without the rest of the heavy tests.

const isAsked = Boolean(process.env.HEAVY || process.env.LAPSE_TEST_LEMONLDAP)
if (isAsked && !hasLemonldap()) {
  console.log(
    `Skipped: LemonLDAP::NG is not on this machine. apt-get install ${PACKAGES} brings it.`,
  )
}

const person = (uid: string, groups: string[]) => ({
  uid,
  name: `${uid} of the directory`,
  mail: `${uid}@example.org`,
  password: `the password of ${uid}`,
  groups,
})
const PEOPLE = [person("nora", ["staff", "lapse-admins"]), person("els", ["guests"])]

/** The browser of a person who types the password wherever the portal asks for it. */
const browserOf = (uid: string, password = `the password of ${uid}`) => {
  let isAsked = 0
  return aBrowser((page) =>
    page.includes('name="password"') && isAsked++ < 2 ? { user: uid, password } : null,
  )
}

describe.runIf(isAsked && hasLemonldap())("LemonLDAP::NG with OpenLDAP", () => {
  const { APP_URL } = configuration
  const usual = getCACertificates("default")
  let lemonldap: Awaited<ReturnType<typeof startLemonldap>>
  // The portal calls it to end sessions.
  const lapse = createServer(async (asked, answer) => {
    const body = Buffer.concat(await asked.toArray()).toString()
    const headers = { "content-type": asked.headers["content-type"] ?? "" }
    const url = `${configuration.APP_URL}${asked.url}`
    const given = await logout(new NextRequest(url, { method: "POST", headers, body }))
    answer.writeHead(given.status).end(await given.text())
  })
  beforeAll(async () => {
    lapse.listen(0, "127.0.0.1")
    await once(lapse, "listening")
    const address = lapse.address()
    const port = typeof address === "object" ? address?.port : 0
    Object.assign(configuration, { APP_URL: `http://localhost:${port}` })
    lemonldap = await startLemonldap({ appUrl: configuration.APP_URL, people: PEOPLE })
  })
  afterAll(async () => {
    setDefaultCACertificates(usual)
    Object.assign(configuration, { APP_URL })
    await lemonldap.close()
    lapse.closeAllConnections()
    lapse.close()
  })
  const set = withProvider()
  beforeEach(async () => {
    set({
      OIDC_ISSUER: lemonldap.issuer,
      OIDC_CLIENT_SECRET: LEMONLDAP_CLIENT.secret,
      OIDC_ALLOWED_GROUPS: ["staff"],
      OIDC_ADMIN_CLAIM: { claim: "groups", value: "lapse-admins" },
    })
    await anAdmin({ email: "grace@example.org" })
  })

  const signIn = async (open: Browser, path = "/auth/oidc?next=/files") => {
    const at = await open.open(path)
    const claim = await readSessionCookie(open.cookies().get(sessionCookieName()))
    return { at: at.href.replace(configuration.APP_URL, ""), claim }
  }
  const isOpen = async ({ claim }: Awaited<ReturnType<typeof signIn>>) =>
    claim !== null && (await findSessionMember(claim)) !== null

  it("is not trusted without the authority that signed its certificate", async () => {
    expect((await signIn(browserOf("nora"))).at).toBe("/sign-in?error=provider_setup")
    expect(await checkProvider()).toMatchObject({ state: "fail", code: "no_trust" })
  })

  describe("whose authority is trusted", () => {
    beforeAll(() => trust([readFileSync(CA_FILE, "utf8")]))

    it("signs in whom a group lets in, with the role of the directory, and confirms", async () => {
      const nora = browserOf("nora")
      const { at, claim } = await signIn(nora)

      expect(at).toBe("/files")
      expect(await db.member.findUnique({ where: { id: claim?.memberId ?? "" } })).toMatchObject({
        email: "nora@example.org",
        name: "nora of the directory",
        role: "admin",
      })
      expect((await signIn(nora, "/auth/oidc/confirm?next=/admin")).at).toBe("/admin")
    })

    it("ends the session here when the person signs out there", async () => {
      const nora = browserOf("nora")
      const session = await signIn(nora)
      const { idToken } = await db.session.findUniqueOrThrow({
        where: { id: session.claim?.sessionId ?? "" },
      })
      expect(await isOpen(session)).toBe(true)

      const there = await findSignOutAddress(idToken)
      const at = await nora.open(there ?? "", ({ origin }) => origin === configuration.APP_URL)

      expect(at.pathname).toBe("/signed-out")
      await expect.poll(() => isOpen(session), { timeout: 5_000 }).toBe(false)
    })

    it("lets nobody else in, which the audit log names", async () => {
      expect((await signIn(browserOf("els"))).at).toBe("/sign-in?error=provider_not_allowed")
      await db.$executeRaw`
      UPDATE failed_sign_in SET window_end_at = window_end_at - interval '1 hour'`
      await recordFailedSignIns()
      expect(await db.auditEntry.findMany({ where: { action: "session.refuse" } })).toMatchObject([
        { details: { who: "els@example.org", reason: "provider_not_allowed" } },
      ])
    })

    it("passes the checks, and fails them with another secret, which a sign-in says too", async () => {
      expect(await checkProvider()).toMatchObject({ state: "ok", code: "ok" })

      set({ OIDC_CLIENT_SECRET: "the one of last year" })
      expect(await checkProvider()).toMatchObject({ state: "fail", code: "client" })
      expect((await signIn(browserOf("nora"))).at).toBe("/sign-in?error=provider_setup")
    })

    it("is not available while the portal is stopped, and signs in again after that", async () => {
      const nora = browserOf("nora")
      const back = await nora.open("/auth/oidc?next=/files", atCallback)
      await lemonldap.stopPortal()
      expect((await signIn(nora, back.href)).at).toBe("/sign-in?error=provider_away")
      forgetProcessWide("oidc-provider")
      expect((await signIn(browserOf("nora"))).at).toBe("/sign-in?error=provider_away")
      expect(await checkProvider()).toMatchObject({ state: "fail", code: "down" })

      await lemonldap.startPortal()
      forgetProcessWide("oidc-provider")
      expect((await signIn(nora)).at).toBe("/files")
    })

    it("keeps people at its own page while the directory is stopped, or the password is wrong", async () => {
      const atPortal = (at: string) => at.startsWith(lemonldap.issuer)
      expect((await signIn(browserOf("nora", "guessed"))).at).toSatisfy(atPortal)
      await lemonldap.stopDirectory()
      expect((await signIn(browserOf("nora"))).at).toSatisfy(atPortal)
      lemonldap.startDirectory()
      await expect.poll(async () => (await signIn(browserOf("nora"))).at).toBe("/files")
    })
  })
})
