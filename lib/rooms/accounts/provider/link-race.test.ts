import { randomInt } from "node:crypto"
import { describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { newTotpSecret } from "#lib/rooms/accounts/second-factor/totp.ts"
import { beginDevice } from "#lib/rooms/accounts/tokens/device.ts"
import { Scopes } from "#lib/rooms/accounts/tokens/token.ts"
import { endUploads } from "#lib/rooms/files/upload/end-uploads.ts"
import { sessionCookieName } from "#lib/web/sign-in/session-cookie.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { aSession, aSessionCookie } from "#testing/builders/a-session.ts"
import { anAuthenticator } from "#testing/builders/factors/a-passkey.ts"
import { codeOf } from "#testing/builders/factors/a-second-factor.ts"
import { callApi } from "#testing/call-api.ts"
import { signInByProvider } from "./sign-in-by-provider.ts"

const makeReset = "POST /admin/users/{id}/reset-password"
const removePasskey = "DELETE /me/passkeys/{id}"
const passkeyOptions = "POST /me/passkeys/options"
const addPasskey = "POST /me/passkeys"
const makeRecoveryCodes = "POST /me/second-factor/recovery-codes"
const setSecondFactor = "POST /me/second-factor"
const makeToken = "POST /tokens"
const approveDevice = "POST /device/approve"

const ROUNDS = process.env.HEAVY ? 60 : 6
const EMAIL = "victim@example.org"

/** The browser of a person who registered the address of another person. */
async function intruder(memberId: string) {
  const session = `${sessionCookieName()}=${await aSessionCookie(memberId)}`
  const call = (at: string, { id = "", body = {}, cookie = "" } = {}) =>
    callApi(at, { as: null, id, body, headers: { cookie: `${session}; ${cookie}` } })

  async function add() {
    const begun = await call(passkeyOptions)
    if (!begun.ok) return begun.status
    const cookie = begun.headers.getSetCookie()[0]?.split(";")[0] ?? ""
    const credential = anAuthenticator(memberId).create((await begun.json()).challenge)
    const added = await call(addPasskey, { body: { name: "Mine", credential }, cookie })
    if (!added.ok) return added.status
    return (await call(removePasskey, { id: (await added.json()).id })).status
  }
  async function setApp() {
    const secret = newTotpSecret()
    return (await call(setSecondFactor, { body: { secret, code: codeOf(secret) } })).status
  }
  const device = { name: "Laptop", scopes: Scopes.parse(["files:write", "admin:write"]) }
  async function approve() {
    const { userCode } = await beginDevice(device, `192.0.2.${randomInt(256)}`)
    const approved = await call(approveDevice, { body: { userCode } })
    return approved.ok ? 200 : approved.status
  }
  const tokens = [approve, async () => (await call(makeToken, { body: device })).status]
  const other = [
    setApp,
    async () => (await call(makeRecoveryCodes)).status,
    async () => (await call(makeReset, { id: memberId })).status,
    // A sign-in that has already passed the password check.
    () => aSession(memberId).then(() => 200),
  ]
  const inTurn = (of: (() => Promise<number>)[]) => {
    let turn = 0
    return async () => of[turn++ % of.length]?.() ?? 0
  }
  const others = inTurn(other)
  const acts = [add, add, others, others, inTurn(tokens)]
  /** Repeats all calls until `ended` and each was refused, and collects every status. */
  return async (ended: () => boolean, statuses: Set<number>) => {
    const repeat = async (act: () => Promise<number>) => {
      for (;;) {
        const isLast = ended()
        statuses.add(await act())
        if (isLast) return
      }
    }
    await Promise.all(acts.map(repeat))
  }
}

describe("linking an account", () => {
  it(`leaves nothing of whoever changes its credentials meanwhile, in ${ROUNDS} of ${ROUNDS} races`, async () => {
    const left: unknown[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const memberId = await aMember({ email: EMAIL, role: "admin" })
      const act = await intruder(memberId)
      let isLinked = false
      const statuses = new Set<number>()
      const acting = act(() => isLinked, statuses)
      await vi.waitUntil(() => statuses.has(204), { timeout: 10_000 })
      await new Promise((resolve) => setTimeout(resolve, round * 5))
      const person = {
        issuer: "https://login.example.org",
        subject: `victim ${round}`,
        name: "Victim",
        sentName: null,
        email: { address: EMAIL },
        allowed: true,
        excluded: false,
        role: null,
        groups: null,
      } as const
      await signInByProvider(person, endUploads)
      isLinked = true
      await acting
      expect(statuses).toContain(401)
      // The calls cause no server error, such as a deadlock with the linking.
      expect([...statuses].filter((status) => status >= 500)).toEqual([])
      left.push(
        await Promise.all([
          db.passkey.count({ where: { memberId } }),
          db.totp.count({ where: { memberId } }),
          db.recoveryCode.count({ where: { memberId } }),
          db.passwordReset.count({ where: { memberId, endedAt: null } }),
          db.session.count({ where: { memberId, endedAt: null } }),
          db.token.count({ where: { memberId, endedAt: null } }),
        ]),
      )
      await db.member.delete({ where: { id: memberId } })
    }

    expect(left).toEqual(Array(ROUNDS).fill([0, 0, 0, 0, 0, 0]))
  })
})
