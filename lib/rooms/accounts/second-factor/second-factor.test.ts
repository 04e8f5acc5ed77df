import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { findSessionMember, startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting, actingAdmin, aSession, sessionMember } from "#testing/builders/a-session.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor, codeOf } from "#testing/builders/factors/a-second-factor.ts"
import { makeRecoveryCodes } from "./recovery-codes.ts"
import { removeSecondFactor, removeSecondFactorOf, setSecondFactor } from "./set-second-factor.ts"
import { spendCode } from "./spend-code.ts"
import { newTotpSecret } from "./totp.ts"

const raced = (work: () => Promise<boolean>) =>
  Promise.all(Array.from({ length: 8 }, work)).then((all) => all.filter(Boolean).length)

describe("codes of an authenticator app", () => {
  it("count once, also when one is sent many times at once", async () => {
    const memberId = await aMember()
    const { code } = await aSecondFactor(memberId)

    expect(await raced(() => spendCode({ memberId, code: code() }))).toBe(1)
    expect(await spendCode({ memberId, code: code() })).toBe(false)
  })

  it("of an earlier step are refused after a later one, the one that turned codes on too", async () => {
    const memberId = await aMember()
    const { code } = await aSecondFactor(memberId)

    expect(await spendCode({ memberId, code: code(-1) })).toBe(false)
    expect(await spendCode({ memberId, code: ` ${code(1).slice(0, 3)} ${code(1).slice(3)}` })).toBe(
      true,
    )
    expect(await spendCode({ memberId, code: code(0) })).toBe(false)
  })

  it("are refused two steps away, and of another member", async () => {
    const [memberId, otherId] = [await aMember(), await aMember()]
    const { secret, code } = await aSecondFactor(memberId)
    await aSecondFactor(otherId)
    // The middle of a step, so that the test does not cross its end.
    const now = Math.floor(Date.now() / 30_000) * 30_000 + 15_000
    const at = (steps: number) =>
      spendCode({ memberId, code: codeOf(secret, { steps, now }) }, new Date(now))

    expect(await at(2)).toBe(false)
    expect(await at(-2)).toBe(false)
    expect(await spendCode({ memberId: otherId, code: code() })).toBe(false)
    expect(await at(1)).toBe(true)
  })

  it("are slowed by account, from wherever they come, except in a known browser", async () => {
    const memberId = await aMember()
    const { code } = await aSecondFactor(memberId)
    for (let n = 0; n < 10; n += 1) await spendCode({ memberId, code: "000000" })

    await expect(spendCode({ memberId, code: code() })).rejects.toBeRefusal("too_many")
    expect(await spendCode({ memberId, code: code(), knownBrowser: "browser" })).toBe(true)
  })

  it("are turned on with a right code only, and no secret of them is stored in clear", async () => {
    const memberId = await aMember()
    const secret = newTotpSecret()
    const by = await acting(memberId)

    await expect(setSecondFactor(by, { secret, code: "000000" })).rejects.toBeRefusal("invalid", {
      field: "code",
    })
    const { recoveryCodes } = await setSecondFactor(by, { secret, code: codeOf(secret) })
    expect(new Set(recoveryCodes).size).toBe(10)
    const stored = JSON.stringify([
      (await db.totp.findMany()).map((row) => Buffer.from(row.secret).toString("latin1")),
      (await db.recoveryCode.findMany()).map((row) => Buffer.from(row.codeHash).toString("latin1")),
    ])
    for (const held of [secret, ...recoveryCodes]) expect(stored).not.toContain(held)
  })

  it("end the confirmations of other sessions, which a password may have made", async () => {
    const memberId = await aMember()
    const [here, elsewhere] = [await aSession(memberId), await aSession(memberId)]
    const secret = newTotpSecret()
    await setSecondFactor(await sessionMember(here), { secret, code: codeOf(secret) })

    expect(await findSessionMember(here)).toMatchObject({ confirmed: true })
    expect(await findSessionMember(elsewhere)).toMatchObject({ confirmed: false })
  })

  it("end with AUTH_SECRET, and recovery codes stay", async () => {
    const memberId = await aMember()
    const { code, recoveryCodes } = await aSecondFactor(memberId)
    const { AUTH_SECRET } = configuration
    try {
      configuration.AUTH_SECRET = "another secret of more than thirty-two letters"
      expect(await spendCode({ memberId, code: code() })).toBe(false)
      expect(await spendCode({ memberId, code: recoveryCodes[0] ?? "" })).toBe(true)
    } finally {
      configuration.AUTH_SECRET = AUTH_SECRET
    }
  })
})

describe("recovery codes", () => {
  it("count once each, also when one is sent many times at once", async () => {
    const memberId = await aMember()
    const { recoveryCodes } = await aSecondFactor(memberId)
    const [first = "", second = ""] = recoveryCodes

    expect(await raced(() => spendCode({ memberId, code: first }))).toBe(1)
    expect(await spendCode({ memberId, code: second.replaceAll("-", " ").toLowerCase() })).toBe(
      true,
    )
    expect(await db.auditEntry.count({ where: { action: "member.recovery_code" } })).toBe(2)
  })

  it("end when new ones are made, or the app is removed", async () => {
    const memberId = await aMember()
    const { recoveryCodes } = await aSecondFactor(memberId)
    const by = await acting(memberId)
    const made = await makeRecoveryCodes(by)

    expect(await spendCode({ memberId, code: recoveryCodes[0] ?? "" })).toBe(false)
    await removeSecondFactor(by)
    expect(await spendCode({ memberId, code: made.recoveryCodes[0] ?? "" })).toBe(false)
    await expect(makeRecoveryCodes(by)).rejects.toBeRefusal("conflict")
  })
})

describe("a required second factor", () => {
  it("blocks sessions that begin without one until it is set up, and no others", async () => {
    const [memberId, admin] = [await aMember(), await anAdmin()]
    const needs = async (session: Awaited<ReturnType<typeof started>>) =>
      (await findSessionMember(session))?.needsFactor
    const started = () => startSession({ memberId, sessionEpoch: 0 }, null)
    const before = await started()
    await db.setting.create({
      data: { name: "secondFactorRequired", value: true, changedById: admin },
    })
    const after = await started()

    expect([await needs(before), await needs(after)]).toEqual([false, true])
    await aSecondFactor(memberId)
    expect([await needs(after), await needs(await started())]).toEqual([false, false])
    await expect(removeSecondFactor(await acting(memberId))).rejects.toBeRefusal("conflict")
    await removeSecondFactorOf(await actingAdmin(admin), memberId)
    expect(await needs(await started())).toBe(true)
    await aPasskey(memberId)
    const last = await started()
    expect(await needs(last)).toBe(false)
  })

  it("blocks nothing once the setting is off again", async () => {
    const [memberId, admin] = [await aMember(), await anAdmin()]
    const name = "secondFactorRequired"
    await db.setting.create({ data: { name, value: true, changedById: admin } })
    const session = await startSession({ memberId, sessionEpoch: 0 }, null)
    expect((await findSessionMember(session))?.needsFactor).toBe(true)

    await db.setting.delete({ where: { name } })

    expect((await findSessionMember(session))?.needsFactor).toBe(false)
  })
})
