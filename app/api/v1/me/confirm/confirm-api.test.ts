import { describe, expect, it } from "vitest"
import { hashPassword } from "#lib/accounts/sign-in/password.ts"
import { db } from "#lib/db.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aPasskey } from "#testing/builders/factors/a-passkey.ts"
import { aSecondFactor } from "#testing/builders/factors/a-second-factor.ts"
import { callApi, signIn } from "#testing/call-api.ts"
import { PATCH as changeSettings } from "../../admin/settings/route.ts"
import { POST as revoke } from "../../admin/shares/revoke/route.ts"
import { DELETE as removePasskeysOf } from "../../admin/users/[id]/passkeys/route.ts"
import { POST as resetPassword } from "../../admin/users/[id]/reset-password/route.ts"
import { PATCH as changeMember } from "../../admin/users/[id]/route.ts"
import { DELETE as removeAppOf } from "../../admin/users/[id]/second-factor/route.ts"
import { POST as invite } from "../../admin/users/invites/route.ts"
import { DELETE as removePasskey } from "../passkeys/[id]/route.ts"
import { POST as beginPasskey } from "../passkeys/options/route.ts"
import { POST as addPasskey } from "../passkeys/route.ts"
import { POST as newCodes } from "../second-factor/recovery-codes/route.ts"
import { DELETE as removeApp, POST as setApp } from "../second-factor/route.ts"
import { POST as newSecret } from "../second-factor/secret/route.ts"
import { POST as confirm, GET as means } from "./route.ts"

const PASSWORD = "correct horse battery"

const age = (minutes: number) =>
  db.session.updateMany({ data: { confirmedAt: new Date(Date.now() - minutes * 60_000) } })

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
  it("is refused by every route ten minutes after sign-in, and changes nothing", async () => {
    const admin = await anAdminWithSession()
    const member = await aMember()
    const { passkey } = await aPasskey(member)
    await aSecondFactor(member)
    const own = await aPasskey(admin)
    await aSecondFactor(admin)
    const share = await aShare({ owner: member, fileIds: [(await aFile({ owner: member })).id] })
    await age(11)
    const [entries, passkeys] = [await db.auditEntry.count(), await db.passkey.count()]
    const as = admin

    const answers = await Promise.all(
      [
        callApi(changeSettings, { as, method: "PATCH", body: { previews: false } }),
        callApi(revoke, { as, method: "POST", body: { ids: [share.id] } }),
        callApi(changeMember, { as, method: "PATCH", id: member, body: { role: "admin" } }),
        callApi(invite, { as, method: "POST", body: { email: null, role: "admin" } }),
        callApi(invite, { as, method: "POST", body: { emails: ["a@example.org"], role: "admin" } }),
        callApi(resetPassword, { as, method: "POST", id: member }),
        callApi(removeAppOf, { as, method: "DELETE", id: member }),
        callApi(removePasskeysOf, { as, method: "DELETE", id: member }),
        callApi(removePasskey, { as, method: "DELETE", id: own.passkey.id }),
        callApi(beginPasskey, { as, method: "POST" }),
        callApi(addPasskey, { as, method: "POST", body: {} }),
        callApi(newSecret, { as, method: "POST" }),
        callApi(setApp, { as, method: "POST", body: {} }),
        callApi(removeApp, { as, method: "DELETE" }),
        callApi(newCodes, { as, method: "POST" }),
      ].map(codeOf),
    )

    expect(answers).toEqual(answers.map(() => "confirm_required"))
    expect(passkey.id).not.toBe(own.passkey.id)
    expect([await db.auditEntry.count(), await db.passkey.count()]).toEqual([entries, passkeys])
  })

  it("is made within ten minutes of a sign-in, and after a confirmation", async () => {
    const as = await anAdminWithSession()
    const change = () =>
      codeOf(callApi(changeSettings, { as, method: "PATCH", body: { previews: false } }))

    await age(9)
    expect(await change()).toBe(200)
    await age(11)
    expect(await change()).toBe("confirm_required")
    const body = { password: PASSWORD }
    expect(await codeOf(callApi(confirm, { as, method: "POST", body }))).toBe(204)
    expect(await change()).toBe(200)
  })

  it("does not keep an admin from counting shares, and from changing what is no role", async () => {
    const as = await anAdminWithSession()
    const member = await aMember()
    await age(11)

    const dryRun = callApi(revoke, { as, method: "POST", body: { all: true, dryRun: true } })
    expect((await dryRun).status).toBe(200)
    const body = { disabled: true }
    expect((await callApi(changeMember, { as, method: "PATCH", id: member, body })).status).toBe(
      200,
    )
    const invited = callApi(invite, { as, method: "POST", body: { email: null } })
    expect((await invited).status).toBe(201)
  })
})

describe("a confirmation", () => {
  it("takes a password, or a code once, and slows wrong ones", async () => {
    const as = await anAdminWithSession()
    const { code } = await aSecondFactor(as)
    await age(11)
    const send = (body: object) => codeOf(callApi(confirm, { as, method: "POST", body }))

    expect(await (await callApi(means, { as })).json()).toEqual({
      confirmed: false,
      password: true,
      code: true,
      passkey: false,
      provider: null,
    })
    expect(await send({ password: "wrong" })).toBe("invalid")
    expect(await send({ code: "000000" })).toBe("invalid")
    expect(await send({ code: code() })).toBe(204)
    expect(await send({ code: code() })).toBe("invalid")
    expect(await send({ password: PASSWORD, code: code(1) })).toBe("invalid")
    expect(await (await callApi(means, { as })).json()).toMatchObject({ confirmed: true })
    for (let n = 0; n < 10; n += 1) await send({ password: "wrong" })
    expect(await send({ password: PASSWORD })).toBe("too_many")
  })

  it("counts in its own browser only", async () => {
    const as = await anAdminWithSession()
    await signIn(as)
    await age(11)
    await callApi(confirm, { as, method: "POST", body: { password: PASSWORD } })

    const fresh = new Date(Date.now() - 60_000)
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

    const change = () =>
      codeOf(callApi(changeSettings, { as, method: "PATCH", body: { previews: false } }))
    expect(await change()).toBe("second_factor_required")
    expect(await codeOf(callApi(newSecret, { as, method: "POST" }))).toBe(200)
    await aSecondFactor(as)
    expect(await change()).toBe(200)
  })
})
