import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { hashPassword } from "#lib/rooms/accounts/sign-in/password.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { codeOf as appCode, aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import { MINUTE } from "#testing/units.ts"

const changeSettings = "PATCH /admin/settings"
const restore = "POST /shares/{id}/restore"
const removePasskey = "DELETE /me/passkeys/{id}"
const beginPasskey = "POST /me/passkeys/options"
const addPasskey = "POST /me/passkeys"
const newCodes = "POST /me/second-factor/recovery-codes"
const removeApp = "DELETE /me/second-factor"
const setApp = "POST /me/second-factor"
const newSecret = "POST /me/second-factor/secret"
const confirm = "POST /me/confirm"
const means = "GET /me/confirm"

const PASSWORD = "correct horse battery"

const age = (minutes: number) =>
  db.session.updateMany({ data: { confirmedAt: new Date(Date.now() - minutes * MINUTE) } })

async function codeOf(answer: Promise<Response>) {
  const response = await answer
  return response.ok ? response.status : (await response.json()).code
}

async function anAdminWithSession() {
  const admin = await anAdmin({ passwordHash: await hashPassword(PASSWORD) })
  await signIn(admin)
  return admin
}

describe("a change that needs a confirmation", () => {
  it("of one's own account is refused ten minutes after sign-in, and changes nothing", async () => {
    const as = await anAdminWithSession()
    const { passkey } = await aPasskey(as)
    await aSecondFactor(as)
    await age(11)
    const [entries, passkeys] = [await db.auditEntry.count(), await db.passkey.count()]

    const answers = await Promise.all(
      [
        callApi(removePasskey, { as, id: passkey.id }),
        callApi(beginPasskey, { as }),
        callApi(addPasskey, { as, body: {} }),
        callApi(newSecret, { as }),
        callApi(setApp, { as, body: {} }),
        callApi(removeApp, { as }),
        callApi(newCodes, { as }),
      ].map(codeOf),
    )

    expect(answers).toEqual(answers.map(() => "confirm_required"))
    expect([await db.auditEntry.count(), await db.passkey.count()]).toEqual([entries, passkeys])
  })

  it("is made within ten minutes of a sign-in, and after a confirmation", async () => {
    const as = await anAdminWithSession()
    const change = () => codeOf(callApi(changeSettings, { as, body: { previews: false } }))

    await age(9)
    expect(await change()).toBe(200)
    await age(11)
    expect(await change()).toBe("confirm_required")
    const body = { password: PASSWORD }
    expect(await codeOf(callApi(confirm, { as, body }))).toBe(204)
    expect(await change()).toBe(200)
  })

  it("does not include restoring one's own share as an admin, unless an admin revoked it", async () => {
    const as = await anAdminWithSession()
    const { id } = await aShare({ owner: as, fileIds: [(await aFile({ owner: as })).id] })
    const restoreOwn = () => codeOf(callApi(restore, { as, id }))
    await age(11)

    await revokeShare(as, id)
    expect(await restoreOwn()).toBe(200)
    await revokeShares(await anAdmin(), { ids: [id], dryRun: false })
    expect(await restoreOwn()).toBe("confirm_required")
    await age(9)
    expect(await restoreOwn()).toBe(200)
  })
})

describe("a confirmation", () => {
  it("takes a password, and slows wrong ones", async () => {
    const as = await anAdminWithSession()
    await age(11)
    const send = (body: object) => codeOf(callApi(confirm, { as, body }))

    expect(await send({ password: "wrong" })).toBe("invalid")
    expect(await send({ password: PASSWORD })).toBe(204)
    expect(await (await callApi(means, { as })).json()).toMatchObject({ confirmed: true })
    for (let n = 0; n < 10; n += 1) await send({ password: "wrong" })
    expect(await send({ password: PASSWORD })).toBe("too_many")
  })

  it("takes a code once, and not the password, from a member with a second factor", async () => {
    const as = await anAdminWithSession()
    const { code } = await aSecondFactor(as)
    await age(11)
    const send = (body: object) => codeOf(callApi(confirm, { as, body }))

    expect(await (await callApi(means, { as })).json()).toEqual({
      confirmed: false,
      password: false,
      code: true,
      passkey: false,
      provider: null,
    })
    expect(await send({ password: PASSWORD })).toBe("invalid")
    expect(await send({ code: "000000" })).toBe("invalid")
    expect(await send({ code: code() })).toBe(204)
    expect(await send({ code: code() })).toBe("invalid")
    expect(await send({ password: PASSWORD, code: code(1) })).toBe("invalid")
    expect(await (await callApi(means, { as })).json()).toMatchObject({ confirmed: true })
  })

  it("counts in its own browser only", async () => {
    const as = await anAdminWithSession()
    await signIn(as)
    await age(11)
    await callApi(confirm, { as, body: { password: PASSWORD } })

    const fresh = new Date(Date.now() - MINUTE)
    expect(await db.session.count({ where: { confirmedAt: { gt: fresh } } })).toBe(1)
  })
})

describe("a member who lacks a required second factor", () => {
  it("reaches only the calls that set one up", async () => {
    const as = await anAdminWithSession()
    await db.setting.create({
      data: { name: "secondFactorRequired", value: true, changedById: as },
    })
    await signIn(as)

    const change = () => codeOf(callApi(changeSettings, { as, body: { previews: false } }))
    expect(await change()).toBe("second_factor_required")
    const { secret } = await (await callApi(newSecret, { as })).json()
    const body = { secret, code: appCode(secret) }
    expect(await codeOf(callApi(setApp, { as, body }))).toBe(201)
    expect(await change()).toBe(200)
  })
})
