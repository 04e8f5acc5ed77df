import { describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { confirmMember } from "#lib/rooms/accounts/confirm/confirm-member.ts"
import { findConfirmMeans } from "#lib/rooms/accounts/confirm/find-confirm-means.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { startSession } from "#lib/rooms/accounts/sign-in/session.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting, actingAdmin, sessionMember } from "#testing/builders/a-session.ts"
import { anAuthenticator, aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { MINUTE } from "#testing/units.ts"
import { addPasskey, beginPasskey } from "./add-passkey.ts"
import { spendChallenge } from "./challenge.ts"
import { listPasskeys, renamePasskey } from "./list-passkeys.ts"
import { whyNoPasskeys } from "./passkey-host.ts"
import { removePasskey, removePasskeysOf } from "./remove-passkey.ts"
import { askForPasskey, signInByPasskey } from "./verify-passkey.ts"

const address = "203.0.113.7"
const cookie = () => undefined
type Authenticator = ReturnType<typeof anAuthenticator>

async function signIn(authenticator: Authenticator, altered = {}) {
  const { options, cookie: challenge } = await askForPasskey(null)
  const answer = authenticator.answer(options.challenge, altered)
  return signInByPasskey({ answer, challenge, address, cookie })
}

describe("a passkey", () => {
  it("is added, signs its member in without a password, is renamed and removed", async () => {
    const memberId = await aMember()
    const { passkey, authenticator } = await aPasskey(memberId, "Phone")

    expect(await signIn(authenticator)).toEqual({ memberId, sessionEpoch: 0, factor: true })
    expect(
      await renamePasskey(await acting(memberId), passkey.id, { name: "Old phone" }),
    ).toMatchObject({
      name: "Old phone",
      otherHost: null,
      lastUsedAt: expect.any(String),
    })
    await removePasskey(await acting(memberId), passkey.id)
    expect(await signIn(authenticator)).toBeNull()
    const actions = await db.auditEntry.findMany({ select: { action: true, targetId: true } })
    expect(actions).toEqual([
      { action: "member.passkey_add", targetId: memberId },
      { action: "member.passkey_remove", targetId: memberId },
    ])
  })

  it.each([
    ["of another origin", { origin: "https://evil.example" }],
    ["of another host", { host: "evil.example" }],
    ["without a verified person", { verified: false }],
    ["for another member", { userHandle: "00000000-0000-7000-8000-000000000000" }],
  ])("is refused with an answer %s", async (_what, altered) => {
    const { authenticator } = await aPasskey(await aMember())

    expect(await signIn(authenticator, altered)).toBeNull()
  })

  it("is refused for a disabled member, and with the signature of another key", async () => {
    const memberId = await aMember()
    const { authenticator } = await aPasskey(memberId)
    const forged = { ...anAuthenticator(memberId), id: authenticator.id }
    const { options, cookie: challenge } = await askForPasskey(null)
    const answer = {
      ...forged.answer(options.challenge),
      id: authenticator.id,
      rawId: authenticator.id,
    }
    expect(await signInByPasskey({ answer, challenge, address, cookie })).toBeNull()

    await editMember(await anAdmin(), memberId, { disabled: true })
    await expect(signIn(authenticator)).rejects.toBeRefusal("account_disabled")
  })

  it("answers a challenge once, also when one answer is sent many times at once", async () => {
    const { authenticator } = await aPasskey(await aMember())
    const { options, cookie: challenge } = await askForPasskey(null)
    const answer = authenticator.answer(options.challenge)

    const claims = await Promise.all(
      Array.from({ length: 8 }, () => signInByPasskey({ answer, challenge, address, cookie })),
    )

    expect(claims.filter((claim) => claim !== null)).toHaveLength(1)
    expect(await signInByPasskey({ answer, challenge, address, cookie })).toBeNull()
  })

  it("answers only the challenge of its browser, for what it was made for, and in time", async () => {
    const memberId = await aMember()
    const { authenticator } = await aPasskey(memberId)
    const [own, other] = [await askForPasskey(null), await askForPasskey(null)]
    const answer = authenticator.answer(own.options.challenge)
    const given = (challenge: string | undefined) =>
      signInByPasskey({ answer, challenge, address, cookie })

    expect(await given(other.cookie)).toBeNull()
    expect(await given(undefined)).toBeNull()
    expect(await given(`${own.cookie}x`)).toBeNull()
    const forSignIn = { does: "sign_in", member: null } as const
    expect(await spendChallenge({ does: "confirm", member: memberId }, own.cookie)).toBeNull()
    const later = new Date(Date.now() + 601_000)
    expect(await spendChallenge(forSignIn, own.cookie, later)).toBeNull()
    expect(await given(own.cookie)).not.toBeNull()
  })

  it("is refused if its counter has decreased, as with a copy", async () => {
    const { authenticator } = await aPasskey(await aMember())

    expect(await signIn(authenticator, { counter: 7 })).not.toBeNull()
    expect(await signIn(authenticator, { counter: 7 })).toBeNull()
    expect(await signIn(authenticator, { counter: 0 })).toBeNull()
    expect(await signIn(authenticator, { counter: 8 })).not.toBeNull()
  })

  it("is slowed like a password", async () => {
    const { authenticator } = await aPasskey(await aMember())
    const wrong = { origin: "https://evil.example" }
    for (let n = 0; n < 10; n += 1) await signIn(authenticator, wrong)

    await expect(signIn(authenticator)).rejects.toBeRefusal("too_many")
  })

  it("is made only for its member, browser and host, and once", async () => {
    const [memberId, otherId] = [await aMember(), await aMember()]
    const { options, cookie: challenge } = await beginPasskey(memberId)
    const credential = anAuthenticator(memberId).create(options.challenge)
    const by = await acting(memberId)
    const add = (who = by, made = credential, of: string | undefined = challenge) =>
      addPasskey(who, { name: "Phone", credential: made }, of)

    await expect(add(await acting(otherId))).rejects.toBeRefusal("invalid")
    await expect(add()).resolves.toMatchObject({ name: "Phone" })
    await expect(add()).rejects.toBeRefusal("invalid")
    for (const altered of [{ origin: "https://evil.example" }, { verified: false }]) {
      const begun = await beginPasskey(memberId)
      const made = anAuthenticator(memberId).create(begun.options.challenge, altered)
      await expect(add(by, made, begun.cookie)).rejects.toBeRefusal("invalid")
    }
  })

  it("belongs to one host, says so after a move, and exists at no IP address", async () => {
    const memberId = await aMember()
    const { authenticator } = await aPasskey(memberId)
    const { APP_URL } = configuration
    try {
      configuration.APP_URL = "https://files.example.org"
      expect((await listPasskeys(memberId)).items).toMatchObject([{ otherHost: "localhost" }])
      expect(await signIn(authenticator)).toBeNull()
    } finally {
      configuration.APP_URL = APP_URL
    }
    const why = (url: string) => whyNoPasskeys(new URL(url))
    expect(why("https://192.0.2.7")).toBe("ip_address")
    expect(why("http://[2001:db8::1]:3000")).toBe("ip_address")
    expect(why("http://files.example.org")).toBe("not_https")
    expect(why("https://files.example.org")).toBeNull()
    expect(why("http://localhost:3000")).toBeNull()
  })

  it("is removed by its member or, with all others, by an admin; nobody else", async () => {
    const [memberId, otherId, admin] = [await aMember(), await aMember(), await anAdmin()]
    const { passkey } = await aPasskey(memberId)
    await aPasskey(memberId, "Laptop")
    const by = await actingAdmin(admin)

    await expect(removePasskey(await acting(otherId), passkey.id)).rejects.toBeRefusal("not_found")
    expect(await removePasskeysOf(by, memberId)).toBe(2)
    await expect(removePasskeysOf(by, memberId)).rejects.toBeRefusal("not_found")
  })

  it("that is the last required second factor stays, also when two are removed at once", async () => {
    const memberId = await aMember()
    await requireSecondFactor()
    const passkeys = [await aPasskey(memberId, "Phone"), await aPasskey(memberId, "Laptop")]

    const by = await acting(memberId)
    const removals = await Promise.allSettled(
      passkeys.map(({ passkey }) => removePasskey(by, passkey.id)),
    )

    expect(removals.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"])
    expect((await listPasskeys(memberId)).items).toHaveLength(1)
    await aSecondFactor(memberId)
    for (const { id } of (await listPasskeys(memberId)).items) await removePasskey(by, id)
    expect((await listPasskeys(memberId)).items).toEqual([])
  })

  it("or an app confirms where a member has one, and the password does not", async () => {
    const password = "correct horse battery"
    const memberId = await aMember({ passwordHash: await hashPassword(password) })
    const byPassword = () => startSession({ memberId, sessionEpoch: 0 }, null).then(sessionMember)
    const given = { confirmation: { password }, address, challenge: undefined }
    const before = await byPassword()
    expect([before.confirmed, await findConfirmMeans(before)]).toMatchObject([
      true,
      { password: true },
    ])
    await confirmMember(before, given)

    const { authenticator } = await aPasskey(memberId)

    const after = await byPassword()
    expect([after.confirmed, await findConfirmMeans(after)]).toMatchObject([
      false,
      { password: false, passkey: true },
    ])
    await expect(confirmMember(after, given)).rejects.toBeRefusal("invalid", { field: "password" })
    const claim = await signIn(authenticator)
    expect(claim && (await sessionMember(await startSession(claim, null))).confirmed).toBe(true)
  })

  it("ends a confirmation by password that is verified and not yet written", async () => {
    const password = "correct horse battery"
    const memberId = await aMember({ passwordHash: await hashPassword(password) })
    const session = await startSession({ memberId, sessionEpoch: 0 }, null)
    const given = { confirmation: { password }, address, challenge: undefined }
    await db.session.updateMany({ data: { confirmedAt: new Date(0) } })
    const member = await sessionMember(session)

    await whileFactorComes(memberId, () =>
      expect(confirmMember(member, given)).rejects.toMatchObject({ field: "password" }),
    )

    expect((await sessionMember(session)).confirmed).toBe(false)
  })

  it("leaves a session unconfirmed whose password was verified before", async () => {
    const memberId = await aMember()
    const session = await whileFactorComes(memberId, () =>
      startSession({ memberId, sessionEpoch: 0 }, null),
    )

    expect((await sessionMember(session)).confirmed).toBe(false)
  })

  it("confirms its member only, and counts as a sign-in then", async () => {
    const memberId = await aMember()
    const { authenticator } = await aPasskey(memberId)
    const session = await startSession({ memberId, sessionEpoch: 0 }, null)
    await db.session.updateMany({ data: { confirmedAt: new Date(Date.now() - 11 * MINUTE) } })
    const member = await sessionMember(session)
    expect(member.confirmed).toBe(false)
    const { options, cookie: challenge } = await askForPasskey(memberId)
    const passkey = authenticator.answer(options.challenge)

    const other = await sessionMember(
      await startSession({ memberId: await aMember(), sessionEpoch: 0 }, null),
    )
    const given = { confirmation: { passkey }, address, challenge }
    await expect(confirmMember(other, given)).rejects.toBeRefusal("invalid")
    await confirmMember(member, given)
    expect((await sessionMember(session)).confirmed).toBe(true)
  })
})

/** Adds an authenticator app while the work waits for the lock of the member. */
async function whileFactorComes<Result>(memberId: string, work: () => Promise<Result>) {
  const { waiting } = await db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT FROM member WHERE id = ${memberId}::uuid FOR NO KEY UPDATE`
    const waiting = work()
    await untilOneWaits()
    await tx.totp.create({ data: { memberId, secret: Buffer.alloc(48), lastStep: 0 } })
    return { waiting }
  })
  return await waiting
}

const requireSecondFactor = async () => {
  const changedById = await anAdmin()
  await db.setting.create({ data: { name: "secondFactorRequired", value: true, changedById } })
}
