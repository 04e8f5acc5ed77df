import { randomUUID } from "node:crypto"
import { NextRequest } from "next/server"
import { describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import { sweepLogoutTokens } from "#lib/rooms/accounts/provider/end-provider-sessions.ts"
import { findSessionMember, startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aSession, sessionMember } from "#testing/builders/a-session.ts"
import { forgetProcessWide } from "#testing/forget-process-wide.ts"
import { CLIENT } from "#testing/provider/identity-provider.ts"
import { withStartedProvider } from "#testing/provider/with-provider.ts"
import { POST } from "./route.ts"

const EVENT = "http://schemas.openid.net/event/backchannel-logout"

const { provider, set } = await withStartedProvider([])

const seconds = (from = 0) => Math.floor(Date.now() / 1000) + from
const claims = () => ({
  iss: provider.issuer,
  aud: CLIENT.id,
  iat: seconds(),
  exp: seconds(120),
  jti: randomUUID(),
  events: { [EVENT]: {} },
  sub: "nora",
})

async function send(token: string) {
  const answer = await POST(
    new NextRequest(`${configuration.APP_URL}/auth/oidc/logout`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ logout_token: token }),
    }),
  )
  expect(answer.headers.get("cache-control")).toBe("no-store")
  return { status: answer.status, said: await answer.text() }
}

const sessionOf = (memberId: string, subject: string, sid: string | null, issuer?: string) =>
  startSession({ memberId, sessionEpoch: 0 }, null, {
    issuer: issuer ?? provider.issuer,
    subject,
    sid,
    idToken: "a.b.c",
    authTime: null,
  })
const isOpen = async (claim: Awaited<ReturnType<typeof aSession>>) =>
  (await findSessionMember(claim)) !== null

describe("a logout token", () => {
  it("ends the session that it names, or all of its subject, and no other", async () => {
    const [nora, other] = [await aMember(), await aMember()]
    const sessions = [
      await sessionOf(nora, "nora", "one"),
      await sessionOf(nora, "nora", "two"),
      await sessionOf(nora, "nora", null),
      await sessionOf(nora, "nora", "one", "https://elsewhere.example"),
      await aSession(nora),
      await sessionOf(other, "else", "three"),
    ]
    const open = () => Promise.all(sessions.map(isOpen))

    expect(await send(await provider.signed({ ...claims(), sub: "else", sid: "one" }))).toEqual({
      status: 200,
      said: "",
    })
    expect(await open()).toEqual([true, true, true, true, true, true])
    await send(await provider.signed({ ...claims(), sub: undefined, sid: "one" }))
    expect(await open()).toEqual([false, true, true, true, true, true])
    await send(await provider.signed(claims()))
    expect(await open()).toEqual([false, false, false, true, true, true])

    const entries = await db.auditEntry.findMany({ where: { action: "session.provider_end" } })
    expect(entries.map(({ actorId }) => actorId)).toEqual([nora, nora])
    expect(await db.session.count({ where: { endedAt: { not: null }, idToken: null } })).toBe(3)
  })

  it("waits for a change that another session of its subject makes", async () => {
    const nora = await aMember()
    const other = await sessionOf(nora, "nora", "one")
    const by = await sessionMember(await sessionOf(nora, "nora", "two"))
    let answer: ReturnType<typeof send> | undefined

    await changeCredentials({ by }, async (tx) => {
      answer = send(await provider.signed(claims()))
      await vi.waitUntil(async () => {
        const waits = await db.$queryRaw<unknown[]>`SELECT FROM pg_locks WHERE NOT granted`
        return waits.length > 0
      })
      await tx.session.update({ where: { id: other.sessionId }, data: { endedAt: new Date() } })
    })

    expect(await answer).toMatchObject({ status: 200 })
    expect(await db.session.count({ where: { endedAt: null } })).toBe(0)
  })

  it("works once, also when it arrives several times at the same moment", async () => {
    const token = await provider.signed(claims())

    const answers = await Promise.all(Array.from({ length: 5 }, () => send(token)))

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400, 400, 400])
    expect(await send(token)).toMatchObject({
      status: 400,
      said: expect.stringContaining("used before"),
    })
    await db.logoutToken.updateMany({ data: { usedAt: new Date(0) } })
    await sweepLogoutTokens()
    expect(await db.logoutToken.count()).toBe(0)
  })

  it.each<[string, object, string?]>([
    ["of another issuer", { iss: "https://evil.example" }],
    ["for another client", { aud: "another" }],
    ["without a time", { iat: undefined }],
    ["from an hour ago", { iat: seconds(-3600), exp: seconds(120) }],
    ["of tomorrow", { iat: seconds(86_400), exp: seconds(90_000) }],
    ["that is over", { exp: seconds(-120) }],
    ["without an id", { jti: undefined }],
    ["with a number as its id", { jti: 12345 }],
    ["with an id that no database holds", { jti: "a\0b" }],
    ["with an id that no index holds", { jti: "a".repeat(9_000) }],
    ["that names what no database holds", { sub: "nora\0" }],
    ["without the event", { events: undefined }],
    ["with another event", { events: { "https://example.org/event": {} } }],
    ["with a nonce, as an ID token has", { nonce: "n" }],
    ["that names nobody", { sub: undefined }],
  ])("%s is refused and ends nothing", async (_what, change) => {
    const session = await sessionOf(await aMember(), "nora", "one")

    const { status, said } = await send(await provider.signed({ ...claims(), ...change }))

    expect(status).toBe(400)
    expect(JSON.parse(said)).toMatchObject({ error: "invalid_request" })
    expect(await isOpen(session)).toBe(true)
  })

  it.each([
    ["nothing", ""],
    ["no token", "a.b.c"],
    ["one that nobody signed", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub3JhIn0."],
  ])("that is %s is refused", async (_what, token) => {
    expect((await send(token)).status).toBe(400)
  })

  it("is logged once a minute when it is refused, however often it is sent", async () => {
    forgetProcessWide("outages")
    const warn = vi.spyOn(log, "warn").mockImplementation(() => {})

    for (let n = 0; n < 20; n++) expect((await send("a.b.c")).status).toBe(400)

    expect(warn).toHaveBeenCalledTimes(1)
    warn.mockRestore()
  })

  it("is refused with a key that is no longer published, and accepted with a new one", async () => {
    expect((await send(await provider.signed(claims()))).status).toBe(200)
    const old = await provider.signed(claims())
    await provider.rotate()

    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6_000 })
    expect((await send(await provider.signed(claims()))).status).toBe(200)
    expect((await send(old)).status).toBe(400)
    vi.useRealTimers()
  })

  it("is answered with 503 while the provider's keys are unavailable, and with 404 without a provider", async () => {
    const token = await provider.signed(claims())
    set({ OIDC_ISSUER: "http://localhost:9" })
    expect((await send(token)).status).toBe(503)
    set({ OIDC_ISSUER: undefined })
    expect((await send(token)).status).toBe(404)
  })
})
