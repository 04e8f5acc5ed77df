import { once } from "node:events"
import { createServer } from "node:http"
import { beforeEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { findConfirmMeans } from "#lib/rooms/accounts/confirm/find-confirm-means.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { makePasswordReset } from "#lib/rooms/accounts/passwords/make-password-reset.ts"
import { findPasswordReset } from "#lib/rooms/accounts/passwords/reset-password.ts"
import { canConfirmByProvider } from "#lib/rooms/accounts/provider/confirm-by-provider.ts"
import type { ProviderPerson } from "#lib/rooms/accounts/provider/judge-claims.ts"
import { signInByProvider } from "#lib/rooms/accounts/provider/sign-in-by-provider.ts"
import { unlinkMember } from "#lib/rooms/accounts/provider/unlink-member.ts"
import { setUp } from "#lib/rooms/accounts/setup/create-first-admin.ts"
import { firstRunCode, setupCode } from "#lib/rooms/accounts/setup/setup-code.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { recordFailedSignIns } from "#lib/rooms/accounts/sign-in/record-failed-sign-ins.ts"
import { findSessionMember, startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { verifyCredentials } from "#lib/rooms/accounts/sign-in/verify-credentials.ts"
import { AuditQuery } from "#lib/rooms/audit/audit-entry.ts"
import { listAudit } from "#lib/rooms/audit/list-audit.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { actingAdmin } from "#testing/builders/a-session.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { blockOf } from "#testing/lapse/doc-block.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { CLIENT, startProvider, type Tampering } from "#testing/provider/identity-provider.ts"
import {
  aBrowser,
  atCallback,
  type Browser,
  CALLBACK,
  isElsewhere,
  pathOf,
} from "#testing/provider/test-browser.ts"
import { PEOPLE, withStartedProvider } from "#testing/provider/with-provider.ts"
import { HOUR } from "#testing/units.ts"
import { readSessionCookie, sessionCookieName } from "./session-cookie.ts"

const { provider, set } = await withStartedProvider()
let admin: AdminId
beforeEach(async () => {
  admin = await anAdmin({ email: "grace@example.org" })
})

async function signIn(as: string, open = aBrowser()) {
  provider.signIn(as)
  const at = await open.open("/auth/oidc?next=/files")
  return { ...(await state(open, at)), open }
}

async function state(open: Browser, at: URL) {
  const claim = await readSessionCookie(open.cookies().get(sessionCookieName()))
  return { at: pathOf(at), claim }
}

const refused = (key: string) => ({ at: `/sign-in?error=${key}`, claim: null })
const count = async () => ({
  members: await db.member.count(),
  identities: await db.identity.count(),
  sessions: await db.session.count(),
})
const role = async (id = "") => (await db.member.findUniqueOrThrow({ where: { id } })).role
const NOTHING = { members: 1, identities: 0, sessions: 0 }

describe("a sign-in with the provider", () => {
  it("makes a member where the domain allows, and finds the member again by issuer and subject", async () => {
    const first = await signIn("nora")

    expect(first.at).toBe("/files")
    const member = await db.member.findUniqueOrThrow({ where: { email: "nora@example.org" } })
    expect(member).toMatchObject({ id: first.claim?.memberId, name: "Nora New", role: "member" })
    const session = await db.session.findFirstOrThrow({ where: { memberId: member.id } })
    expect(session).toMatchObject({ issuer: provider.issuer, subject: "nora" })
    expect(session.sid).toEqual(expect.any(String))
    const hours = (Number(session.expiresAt) - Number(session.createdAt)) / HOUR
    expect(Math.round(hours)).toBe(12)

    await db.member.update({ where: { id: member.id }, data: { email: "renamed@example.org" } })
    expect((await signIn("nora")).claim?.memberId).toBe(member.id)
    expect(await count()).toEqual({ members: 2, identities: 1, sessions: 2 })
  })

  it("makes one member of simultaneous first sign-ins", async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => signIn("nora")))

    expect(new Set(all.map(({ claim }) => claim?.memberId)).size).toBe(1)
    expect(await count()).toEqual({ members: 2, identities: 1, sessions: 4 })
  })

  it.each([
    ["unsaid", "provider_unsaid"],
    ["unverified", "provider_unverified"],
    ["elsewhere", "provider_not_allowed"],
  ])("refuses a person who is %s, in words, and makes nothing", async (sub, key) => {
    expect(await signIn(sub)).toMatchObject(refused(key))
    expect(await count()).toEqual(NOTHING)
  })

  it("takes an address that the provider says nothing about where the operator trusts it", async () => {
    set({ OIDC_TRUST_EMAIL: true })
    expect(await signIn("unsaid")).toMatchObject({ at: "/files" })
  })

  it("lets in who is in a group, by what userinfo says where the token does not", async () => {
    set({ OIDC_ALLOWED_DOMAINS: [], OIDC_ALLOWED_GROUPS: ["staff"] })
    const thin = await startProvider({
      people: PEOPLE,
      claimsIn: "userinfo",
    })
    set({ OIDC_ISSUER: thin.issuer })

    const { at } = await aBrowser()
      .open("/auth/oidc?next=/files")
      .finally(() => thin.close())
      .then((url) => ({ at: url.pathname }))

    expect(at).toBe("/files")
    expect(await db.member.count({ where: { email: "nora@example.org" } })).toBe(1)
  })

  it("lets in who has an invitation for the address, with its role, and uses it up", async () => {
    await inviteMember(admin, { email: "els@elsewhere.example", role: "admin" })

    expect(await signIn("elsewhere")).toMatchObject({ at: "/files" })

    const email = "els@elsewhere.example"
    expect(await db.member.findUnique({ where: { email } })).toMatchObject({ role: "admin" })
    expect(await db.invite.count({ where: { usedAt: null } })).toBe(0)
  })

  describe("before the installation has its first admin", () => {
    const BOSS = { OIDC_ADMIN_CLAIM: { claim: "groups", value: "boss" } } as const
    const admins = () => db.member.findMany({ select: { email: true, role: true } })
    beforeEach(() => db.member.deleteMany())

    it("makes nobody without the admin claim", async () => {
      expect(await signIn("nora")).toMatchObject(refused("provider_not_allowed"))
      set(BOSS)
      expect(await signIn("nora")).toMatchObject(refused("provider_not_allowed"))
      expect(await signIn("elsewhere")).toMatchObject(refused("provider_not_allowed")) // the domain
      set({ OIDC_ALLOWED_DOMAINS: [], OIDC_ADMIN_CLAIM: { claim: "groups", value: "bosses" } })
      expect(await signIn("elsewhere")).toMatchObject(refused("provider_not_allowed"))
      expect(await admins()).toEqual([])
    })

    it("makes the first admin by the admin claim, which closes the setup page", async () => {
      set({ ...BOSS, OIDC_ALLOWED_DOMAINS: [] })

      expect(await signIn("elsewhere")).toMatchObject({ at: "/files" })

      expect(await admins()).toEqual([{ email: "els@elsewhere.example", role: "admin" }])
      expect(await firstRunCode()).toBeNull()
      expect(await db.auditEntry.count({ where: { action: "member.first" } })).toBe(1)
      expect(await signIn("nora")).toMatchObject(refused("provider_not_allowed"))
      set({ OIDC_ALLOWED_DOMAINS: ["example.org"] })
      expect(await signIn("nora")).toMatchObject({ at: "/files" })
      expect(await role((await signIn("nora")).claim?.memberId)).toBe("member")
    })

    it("makes one admin of a setup and of sign-ins at the same moment", async () => {
      set({ ...BOSS, OIDC_ALLOWED_DOMAINS: [] })
      const code = await setupCode()
      const ada = { name: "Ada", email: "ada@example.org", password: "correct horse battery", code }
      for (let round = 0; round < 6; round++) {
        const person = (n: number): ProviderPerson => ({
          issuer: provider.issuer,
          subject: `boss-${n}`,
          name: "Els",
          sentName: "Els",
          email: { address: `els${n}@elsewhere.example` },
          allowed: "provider_not_allowed",
          excluded: false,
          role: "admin",
          groups: null,
        })
        const all = await Promise.allSettled([
          ...[1, 2, 3, 4].map((n) => signInByProvider(person(n), async () => {})),
          ...[1, 2].map(() => setUp(ada)),
        ])

        expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
        expect(await admins()).toMatchObject([{ role: "admin" }])
        await db.member.deleteMany()
      }
    })
  })

  it("refuses a disabled member in words", async () => {
    const { claim } = await signIn("nora")
    await db.member.update({
      where: { id: claim?.memberId ?? "" },
      data: { disabledAt: new Date() },
    })
    expect(await signIn("nora")).toMatchObject(refused("provider_disabled"))
  })
})

describe("an address", () => {
  it("links the member who has it once, writes it down and tells the member", async () => {
    const ada = await aMember({ email: "ada@example.org" })
    mailBy(1)

    const { claim } = await signIn("ada")
    withoutMail()

    expect(claim?.memberId).toBe(ada)
    const [entry] = await db.auditEntry.findMany({ where: { action: "member.link" } })
    expect(entry).toMatchObject({ targetId: ada, details: { provider: "Example" } })
    expect(await db.mail.findMany()).toMatchObject([
      { kind: "linked", toAddress: "ada@example.org" },
    ])
    await signIn("ada")
    expect(await db.auditEntry.count({ where: { action: "member.link" } })).toBe(1)
  })

  it("gives the account to its person only: credentials set up before are removed", async () => {
    const ada = await aMember({
      email: "ada@example.org",
      passwordHash: await hashPassword("set by somebody"),
    })
    const { sessionEpoch } = await db.member.findUniqueOrThrow({ where: { id: ada } })
    const before = await startSession({ memberId: ada, sessionEpoch }, "Firefox")
    await aPasskey(ada)
    await aSecondFactor(ada)
    const reset = await makePasswordReset({ by: await actingAdmin(admin), member: { id: ada } })

    const { claim } = await signIn("ada")

    expect(claim && (await findSessionMember(claim))).toMatchObject({ id: ada })
    expect(await findSessionMember(before)).toBeNull()
    const given = { email: "ada@example.org", password: "set by somebody", address: "192.0.2.7" }
    expect(await verifyCredentials(given)).toBeNull()
    expect(await findPasswordReset(reset.url.split("/").at(-1) ?? "")).toBeNull()
    const left = [db.passkey.count(), db.totp.count(), db.recoveryCode.count()]
    expect(await Promise.all(left)).toEqual([0, 0, 0])
  })

  it("does not give the account to the next person who has it at the provider", async () => {
    const ada = await aMember({ email: "ada@example.org" })
    await signIn("ada")

    expect(await signIn("eve")).toMatchObject(refused("provider_taken"))
    const sessions = await db.session.findMany({ where: { memberId: ada } })
    expect(sessions.map(({ subject }) => subject)).toEqual(["ada"])
  })

  it("links again once an admin has unlinked the member, whose sessions from there end", async () => {
    const ada = await aMember({ email: "ada@example.org" })
    const { claim } = await signIn("ada")

    const by = await actingAdmin(admin)
    await unlinkMember(by, ada)

    expect(claim && (await findSessionMember(claim))).toBeNull()
    expect(await signIn("eve")).toMatchObject({ at: "/files", claim: { memberId: ada } })
    await expect(unlinkMember(by, admin)).rejects.toBeRefusal("not_found")
  })

  it("gives a disabled member’s account to nobody", async () => {
    await aMember({ email: "ada@example.org", disabledAt: new Date() })
    expect(await signIn("ada")).toMatchObject(refused("provider_disabled"))
    expect(await db.identity.count()).toBe(0)
  })

  it("is no identity: the same subject at another provider is somebody else", async () => {
    const { claim } = await signIn("nora")
    const other = await startProvider({
      people: [{ sub: "nora", email: "mallory@example.org", email_verified: true }],
    })
    set({ OIDC_ISSUER: other.issuer })

    const at = await aBrowser()
      .open("/auth/oidc?next=/files")
      .finally(() => other.close())

    expect(at.pathname).toBe("/files")
    const { memberId } = await db.identity.findFirstOrThrow({ where: { issuer: other.issuer } })
    expect(memberId).not.toBe(claim?.memberId)
  })
})

describe("an issuer that has changed", () => {
  /** Signs these people in at a provider that replaced the previous one. */
  async function signInAtNew(
    person: (typeof PEOPLE)[number],
    before: (issuer: string) => Promise<unknown> = async () => {},
  ) {
    const moved = await startProvider({ people: [person] })
    set({ OIDC_ISSUER: moved.issuer })
    await before(moved.issuer)
    const open = aBrowser()
    return open
      .open("/auth/oidc?next=/files")
      .then((at) => state(open, at))
      .finally(() => moved.close())
  }

  it("links the member once more by the verified address, under another subject", async () => {
    const { claim } = await signIn("nora")

    const again = await signInAtNew({
      sub: "n-2",
      name: "N",
      email: "nora@example.org",
      email_verified: true,
    })

    expect(again).toMatchObject({ at: "/files", claim: { memberId: claim?.memberId } })
    expect(await count()).toMatchObject({ members: 2, identities: 2 })
  })

  it("is moved with all links and sessions by the statements of docs/services/sign-in.md", async () => {
    const { claim } = await signIn("nora")

    const again = await signInAtNew(
      { sub: "nora", name: "N", email: "renamed@example.org", email_verified: true },
      (issuer) => moveIssuer(provider.issuer, issuer),
    )

    expect(again.claim?.memberId).toBe(claim?.memberId)
    expect(claim && (await findSessionMember(claim))).not.toBeNull()
    expect(await count()).toMatchObject({ members: 2, identities: 1, sessions: 2 })
  })

  async function moveIssuer(from: string, to: string) {
    const sql = blockOf("services/sign-in.md", "sql")
      .replaceAll("https://old.example.org", from)
      .replaceAll("https://new.example.org", to)
    for (const statement of sql.trim().split("\n")) await db.$executeRawUnsafe(statement)
  }
})

describe("the role", () => {
  it("follows the claim at each sign-in, and is left alone without one", async () => {
    set({ OIDC_ALLOWED_GROUPS: ["boss"] })
    const { claim } = await signIn("elsewhere")
    expect(await role(claim?.memberId)).toBe("member")

    set({ OIDC_ADMIN_CLAIM: { claim: "groups", value: "boss" } })
    await signIn("elsewhere")
    expect(await role(claim?.memberId)).toBe("admin")

    set({ OIDC_ADMIN_CLAIM: { claim: "groups", value: "others" } })
    await signIn("elsewhere")
    expect(await role(claim?.memberId)).toBe("member")
    expect(await db.auditEntry.count({ where: { action: "member.role" } })).toBe(2)
  })

  it("of the last active admin stays, also when all lose it at the same moment", async () => {
    const [ada, nora] = [
      await anAdmin({ email: "ada@example.org" }),
      await anAdmin({ email: "nora@example.org" }),
    ]
    await db.member.update({ where: { id: admin }, data: { disabledAt: new Date() } })
    set({ OIDC_ADMIN_CLAIM: { claim: "groups", value: "others" } })

    provider.signIn("ada")
    const first = aBrowser()
    const back = await first.open("/auth/oidc", atCallback)
    provider.signIn("nora")
    await Promise.all([first.open(back.href), aBrowser().open("/auth/oidc")])

    expect([await role(ada), await role(nora)].sort()).toEqual(["admin", "member"])
  })
})

describe("an answer of the provider", () => {
  const wrong: [string, Tampering][] = [
    ["another issuer", (claims) => ({ ...claims, iss: "https://evil.example" })],
    ["another audience", (claims) => ({ ...claims, aud: "another client" })],
    ["several audiences and no party", (claims) => ({ ...claims, aud: ["lapse", "other"] })],
    ["another nonce", (claims) => ({ ...claims, nonce: "guessed" })],
    ["no nonce", ({ nonce: _, ...claims }) => claims],
    ["no subject", ({ sub: _, ...claims }) => claims],
    ["an end that is over", (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1000) - 60 })],
  ]

  it.each(wrong)("with %s signs nobody in", async (_what, tampering) => {
    provider.tamperWith(tampering)
    expect(await signIn("nora")).toMatchObject(refused("provider_setup"))
    expect(await count()).toEqual(NOTHING)
  })

  it("that an expired key signed signs nobody in, and a new key does", async () => {
    await provider.rotate({ signsWithOld: true })
    provider.tamperWith((claims) => claims)
    expect(await signIn("nora")).toMatchObject(refused("provider_setup"))

    await provider.rotate()
    expect(await signIn("nora")).toMatchObject({ at: "/files" })
  })

  it("works once: a code that is replayed signs nobody in", async () => {
    provider.signIn("nora")
    const open = aBrowser()
    const back = await open.open("/auth/oidc", atCallback)
    const before = new Map(open.cookies())
    expect((await open.open(back.href)).pathname).toBe("/shares")

    const replay = aBrowser()
    for (const [name, value] of before) replay.cookies().set(name, value)
    expect(await state(replay, await replay.open(back.href))).toMatchObject(
      refused("provider_failed"),
    )
  })

  it("that another browser asked for signs nobody in", async () => {
    provider.signIn("eve")
    const back = await aBrowser().open("/auth/oidc", atCallback)
    const victim = aBrowser()
    await victim.open("/auth/oidc", atCallback)

    const late = await victim.open(back.href)
    expect(await state(victim, late)).toMatchObject(refused("provider_failed"))
    const fresh = aBrowser()
    expect(await state(fresh, await fresh.open(back.href))).toMatchObject(
      refused("provider_failed"),
    )
    expect(await count()).toEqual(NOTHING)
  })

  it.each([["of another issuer"], [""]])(
    "from a mix-up, with iss %j, signs nobody in",
    async (iss) => {
      provider.signIn("nora")
      const open = aBrowser()
      const back = await open.open("/auth/oidc", atCallback)
      expect(back.searchParams.get("iss")).toBe(provider.issuer)
      if (iss) back.searchParams.set("iss", "https://evil.example")
      else back.searchParams.delete("iss")

      expect(await state(open, await open.open(back.href))).toMatchObject(refused("provider_setup"))
    },
  )

  it.each([
    ["access_denied", "provider_cancelled"],
    ["temporarily_unavailable", "provider_away"],
    ["server_error", "provider_away"],
    ["unauthorized_client", "provider_setup"],
    ["ANY TEXT", "provider_setup"],
  ])("that refuses by %s says who can fix it", async (error, key) => {
    const open = aBrowser()
    const asked = await open.open("/auth/oidc", isElsewhere)
    const answer = new URLSearchParams({ error, state: asked.searchParams.get("state") ?? "" })
    const at = await open.open(`${CALLBACK}?${answer}`)
    expect(await state(open, at)).toMatchObject(refused(key))
  })

  it("that does not arrive, or is from another, says who can fix it", async () => {
    set({ OIDC_ISSUER: "http://localhost:9" })
    expect(await signIn("nora")).toMatchObject(refused("provider_away"))
    const down = createServer((_, answer) => answer.writeHead(503).end()).listen(0, "127.0.0.1")
    await once(down, "listening")
    const address = down.address()
    set({ OIDC_ISSUER: `http://localhost:${typeof address === "object" ? address?.port : 0}` })
    expect(await signIn("nora")).toMatchObject(refused("provider_away"))
    down.closeAllConnections()
    down.close()

    set({ OIDC_ISSUER: `${provider.issuer}/` })
    expect(await signIn("nora")).toMatchObject(refused("provider_setup"))

    set({ OIDC_ISSUER: provider.issuer, OIDC_CLIENT_SECRET: "expired" })
    expect(await signIn("nora")).toMatchObject(refused("provider_setup"))
    set({ OIDC_CLIENT_SECRET: CLIENT.secret })

    const gone = await startProvider({ people: PEOPLE })
    set({ OIDC_ISSUER: gone.issuer })
    const open = aBrowser()
    const back = await open.open("/auth/oidc", atCallback)
    await gone.close()
    expect(await state(open, await open.open(back.href))).toMatchObject(refused("provider_away"))
  })

  it.each<[string, Tampering]>([
    ["beyond any calendar", (claims) => ({ ...claims, auth_time: 1e300 })],
    ["in milliseconds", (claims) => ({ ...claims, auth_time: Date.now() })],
    ["before any calendar", (claims) => ({ ...claims, auth_time: -1e300 })],
  ])("that says a time of the sign-in %s is refused", async (_what, tampering) => {
    const error = vi.spyOn(log, "error")
    const { open } = await signIn("nora")
    provider.tamperWith(tampering)
    expect(await signIn("nora")).toMatchObject(refused("provider_setup"))
    const at = await open.open("/auth/oidc/confirm?next=/admin")
    expect(pathOf(at)).toBe("/confirm?error=provider_setup")
    expect(error).not.toHaveBeenCalled()
  })

  it("leads to no other site, and starts another session than the browser had", async () => {
    provider.signIn("nora")
    const open = aBrowser()
    expect((await open.open("/auth/oidc?next=//evil.example/")).href).toBe(
      `${configuration.APP_URL}/shares`,
    )
    const first = await state(open, new URL(configuration.APP_URL))
    open.cookies().delete(sessionCookieName())
    open.cookies().set("next-auth.callback-url", "https://evil.example/")
    const again = await signIn("nora", open)
    expect(again.at).toBe("/files")
    expect(again.claim?.sessionId).not.toBe(first.claim?.sessionId)
  })
})

describe("a refused sign-in", () => {
  const entries = async () => {
    await db.$executeRaw`
      UPDATE failed_sign_in SET window_end_at = window_end_at - interval '1 hour'`
    await recordFailedSignIns()
    return db.auditEntry.findMany({
      where: { action: "session.refuse" },
      orderBy: [{ targetId: "asc" }, { at: "asc" }],
    })
  }
  const details = { provider: "Example" }

  it("is in the audit log with its reason and the person, once for all of a window", async () => {
    const disabled = await aMember({ email: "ada@example.org", disabledAt: new Date() })
    for (const sub of ["elsewhere", "elsewhere", "unsaid", "ada"]) await signIn(sub)
    provider.tamperWith(({ email: _, ...claims }) => ({ ...claims, name: "Somebody" }))
    await signIn("elsewhere")
    const open = aBrowser()
    const asked = await open.open("/auth/oidc", isElsewhere)
    await open.open(`${CALLBACK}?error=access_denied&state=${asked.searchParams.get("state")}`)

    const found = await entries()

    const of = (who: string | undefined, reason: string, failures: number, targetId?: string) =>
      expect.objectContaining({
        actorId: null,
        targetId: targetId ?? null,
        details: expect.objectContaining({ ...details, ...(who && { who }), reason, failures }),
      })
    expect(found).toHaveLength(4)
    expect(found).toEqual(
      expect.arrayContaining([
        of("els@elsewhere.example", "provider_not_allowed", 3),
        of("una@example.org", "provider_unsaid", 1),
        of("ada@example.org", "provider_disabled", 1, disabled),
        of(undefined, "provider_cancelled", 1),
      ]),
    )
    const { items } = await listAudit(
      AuditQuery.parse({ action: "session.refuse", q: "els@elsewhere" }),
    )
    expect(items).toMatchObject([{ details: { failures: 3 } }])
  })

  it("is none if this browser did not begin it, or if it is a confirmation", async () => {
    await aBrowser().open(`${CALLBACK}?error=access_denied&state=x`)
    await aBrowser().open(`${CALLBACK}?code=x&state=x`)
    const { open } = await signIn("nora")
    provider.signIn("eve")
    open.leaveProvider(provider.issuer)
    await open.open("/auth/oidc/confirm?next=/admin")

    expect(await entries()).toEqual([])
  })
})

describe("a second factor that admins require", () => {
  it("is left to the provider, where the member confirms too", async () => {
    const name = "secondFactorRequired"
    await db.setting.create({ data: { name, value: true, changedById: admin } })

    const { claim } = await signIn("nora")
    const member = claim && (await findSessionMember(claim))

    expect(member?.needsFactor).toBe(false)
    expect(member && (await findConfirmMeans(member))).toMatchObject({
      password: false,
      code: false,
      passkey: false,
      provider: { path: "/auth/oidc/confirm?next=%2Fconfirm" },
    })
  })
})

describe("a confirmation by the provider", () => {
  const confirmedAt = async (id = "") =>
    Number((await db.session.findUniqueOrThrow({ where: { id } })).confirmedAt)
  const age = (id = "") =>
    db.session.update({ where: { id }, data: { confirmedAt: new Date(0) }, select: { id: true } })

  it("keeps the session and confirms it", async () => {
    const { open, claim } = await signIn("nora")
    const id = claim?.sessionId ?? ""
    expect(await canConfirmByProvider({ sessionId: id })).toBe(true)
    await age(id)

    const asked = await open.open("/auth/oidc/confirm?next=/admin", isElsewhere)
    expect(asked.searchParams.get("prompt")).toBe("login")
    expect(asked.searchParams.get("max_age")).toBe("0")
    const at = await open.open(asked.href)

    expect(at.pathname).toBe("/admin")
    expect((await state(open, at)).claim?.sessionId).toBe(id)
    expect(Date.now() - (await confirmedAt(id))).toBeLessThan(10_000)
  })

  it.each<[string, string, Tampering | null]>([
    ["another person", "eve", null],
    ["an old sign-in", "nora", (claims) => ({ ...claims, auth_time: Date.now() / 1000 - 900 })],
  ])("is refused by %s", async (_what, sub, tampering) => {
    const { open, claim } = await signIn("nora")
    await age(claim?.sessionId)
    provider.signIn(sub)
    open.leaveProvider(provider.issuer)
    provider.tamperWith(tampering)

    const at = await open.open("/auth/oidc/confirm?next=/admin")

    expect(pathOf(at)).toBe("/confirm?error=provider_not_confirmed")
    expect(await confirmedAt(claim?.sessionId)).toBe(0)
    expect((await state(open, at)).claim?.sessionId).toBe(claim?.sessionId)
  })

  it("is needed after a sign-in that the provider did not ask a password for", async () => {
    provider.tamperWith((claims) => ({ ...claims, auth_time: Date.now() / 1000 - 9_000 }))
    const { claim } = await signIn("nora")
    expect(Date.now() - (await confirmedAt(claim?.sessionId))).toBeGreaterThan(8_000_000)
  })
})
