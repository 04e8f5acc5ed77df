import { randomUUID } from "node:crypto"
import { afterEach, describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, pool } from "#lib/adapters/database.ts"
import { editMember } from "#lib/rooms/accounts/edit-member.ts"
import { removeCredentials } from "#lib/rooms/accounts/provider/remove-credentials.ts"
import { endMemberTokens, sweepTokens } from "#lib/rooms/accounts/tokens/end-tokens.ts"
import type { TokenCaps } from "#lib/rooms/accounts/tokens/token.ts"
import { newTokenText } from "#lib/rooms/accounts/tokens/token-text.ts"
import { deleteMember } from "#lib/rooms/admin/delete-member.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { actingAdmin } from "#testing/builders/a-session.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi } from "#testing/call-api.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { inDays } from "#testing/units.ts"

const KIB = 1024

afterEach(() => Object.assign(configuration, { PASSWORD_SIGN_IN: true, AUDIT_ADDRESSES: false }))

type Given = { id?: string; body?: unknown; from?: string }

/** A call with a token, as a program makes it. */
const callBy = (token: string, at: string, { from, ...given }: Given = {}) =>
  callApi(at, {
    as: null,
    ...given,
    headers: {
      authorization: `Bearer ${token}`,
      ...(from && { "x-lapse-client-address": from }),
    },
  })

const statusBy = async (token: string, at = "GET /me") => (await callBy(token, at)).status
const codeOf = async (answer: Response) => (await answer.json()).code as string

describe("an API token", () => {
  it("is shown once, and stored as a hash", async () => {
    const as = await aMember()
    const body = { name: "Build", scopes: ["shares:write", "files:write", "files:write"] }

    const made = await (await callApi("POST /tokens", { as, body })).json()

    expect(made.token).toMatch(/^lapse_\w{36}$/)
    expect(made.scopes).toEqual(["files:write", "shares:write"])
    expect(Date.parse(made.expiresAt)).toBeCloseTo(inDays(90).getTime(), -5)
    const { token, ...view } = made
    const { items } = await (await callApi("GET /tokens", { as })).json()
    expect(items).toEqual([view])
    const rows = JSON.stringify(await db.$queryRaw`SELECT t::text FROM token t`)
    expect(rows).not.toContain(token.slice(6, 20))
    expect(await (await callBy(token, "GET /me")).json()).toMatchObject({
      id: as,
      scopes: made.scopes,
    })
    expect(await (await callApi("GET /me", { as })).json()).toMatchObject({ scopes: null })
  })

  it("needs a confirmation to be made, scopes, and an end in the future; caps need no admin's scope", async () => {
    const as = await anAdmin()
    const make = (body: object) => callApi("POST /tokens", { as, body: { name: "Build", ...body } })
    expect((await make({ scopes: [] })).status).toBe(400)
    expect((await make({ scopes: ["tokens:write"] })).status).toBe(400)
    expect((await make({ scopes: ["files:read"], expiresAt: inDays(-1) })).status).toBe(400)
    const caps = { maxShareDays: 1 }
    expect((await make({ scopes: ["files:read", "admin:write"], caps })).status).toBe(400)
    expect((await make({ scopes: ["files:read"], expiresAt: null, caps })).status).toBe(201)

    await db.session.updateMany({ where: { memberId: as }, data: { confirmedAt: new Date(0) } })
    expect(await codeOf(await make({ scopes: ["files:read"] }))).toBe("confirm_required")
  })

  it("wins over a session's cookie, which is not read, and needs no origin", async () => {
    const [owner, other] = [await aMember(), await anAdmin()]
    const { token, id } = await aToken(owner, ["requests:write"])
    const body = { title: "Photos", folder: "In" }
    const by = (text: string, as: string | null) =>
      callApi("POST /requests", {
        as,
        body,
        headers: { authorization: text, origin: "https://evil.example" },
      })

    const made = await by(`Bearer ${token}`, other)
    expect(made.status).toBe(201)
    const [request] = await db.share.findMany()
    expect(request?.ownerId).toBe(owner)
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "request.create" } })
    expect([entry.actorId, entry.details]).toMatchObject([owner, { tokenId: id }])

    for (const wrong of ["Bearer", "bearer  ", `Bearer ${token}x`, `bearer ${newTokenText()}`])
      expect((await by(wrong, other)).status).toBe(401)
    const admins = { authorization: `Bearer ${token}` }
    expect((await callApi("GET /admin/users", { as: other, headers: admins })).status).toBe(403)
    expect(await db.share.count()).toBe(1)
    // A proxy in front may ask for a password of its own, with each request of a browser.
    expect((await by("Basic YTpi", other)).status).toBe(403)
    const basic = { authorization: "Basic YTpi" }
    expect((await callApi("GET /me", { as: other, headers: basic })).status).toBe(200)
  })

  it("is known by the form of its header alone", async () => {
    const { token } = await aToken(await aMember(), ["files:read"])
    for (const authorization of ["Bearer", "bearer  ", `Bearer ${token}x`, `bearer ${token} x`]) {
      expect((await callApi("GET /me", { as: null, headers: { authorization } })).status).toBe(401)
    }
    const lower = { authorization: `bearer ${token}` }
    expect((await callApi("GET /me", { as: null, headers: lower })).status).toBe(200)
  })

  it("ends when its member or an admin ends it, and for nobody else", async () => {
    const [owner, other, admin] = [await aMember(), await aMember(), await anAdmin()]
    const [first, second, third] = [
      await aToken(owner, ["files:read"]),
      await aToken(owner, ["files:read"]),
      await aToken(other, ["files:read"]),
    ]
    const end = (as: string, id: string) => callApi("DELETE /tokens/{id}", { as, id })
    expect((await end(other, first.id)).status).toBe(404)
    expect((await end(owner, randomUUID())).status).toBe(404)
    expect(await statusBy(first.token)).toBe(200)

    expect((await end(owner, first.id)).status).toBe(204)
    expect((await end(owner, first.id)).status).toBe(404)
    expect(await statusBy(first.token)).toBe(401)
    expect(await statusBy(second.token)).toBe(200)

    const at = "DELETE /admin/users/{id}/tokens"
    expect(await (await callApi(at, { as: admin, id: owner })).json()).toEqual({ count: 1 })
    expect(await statusBy(second.token)).toBe(401)
    expect(await statusBy(third.token)).toBe(200)
    await expect(endMemberTokens(await actingAdmin(admin), randomUUID())).rejects.toBeRefusal(
      "not_found",
    )
  })

  it("ends when it expires, and is deleted a month later", async () => {
    const { id, token } = await aToken(await aMember(), ["files:read"])
    await db.token.update({ where: { id }, data: { expiresAt: inDays(-1) } })
    expect(await statusBy(token)).toBe(401)
    await sweepTokens()
    expect(await db.token.count()).toBe(1)
    await db.token.update({ where: { id }, data: { expiresAt: inDays(-31) } })
    await sweepTokens()
    expect(await db.token.count()).toBe(0)
  })

  it("ends with a member who is disabled, and stays ended", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const { token } = await aToken(owner, ["files:read"])
    await editMember(admin, owner, { disabled: true })
    expect(await statusBy(token)).toBe(401)
    await editMember(admin, owner, { disabled: false })
    expect(await statusBy(token)).toBe(401)
  })

  it("ends when the ways to sign in are removed, and is erased with its member", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const { token } = await aToken(owner, ["files:read"])
    await db.$transaction((tx) => removeCredentials(tx, owner))
    expect(await statusBy(token)).toBe(401)

    await deleteMember(admin, owner, { files: "delete" })
    expect(await db.token.count({ where: { memberId: owner } })).toBe(0)
  })

  it("works without passwords only for who is linked to the provider", async () => {
    const owner = await aMember()
    const { token } = await aToken(owner, ["files:read"])
    Object.assign(configuration, { PASSWORD_SIGN_IN: false })
    expect(await statusBy(token)).toBe(401)
    const identity = { memberId: owner, issuer: "https://id.example.org", subject: "ada" }
    await db.identity.create({ data: identity })
    expect(await statusBy(token)).toBe(200)
  })

  it("records its last use once in five minutes, and the address if addresses are kept", async () => {
    const as = await aMember()
    const { token } = await aToken(as, ["files:read"])
    const use = async (from: string) => {
      await callBy(token, "GET /me", { from })
      const [row] = (await (await callApi("GET /tokens", { as })).json()).items
      expect(Date.now() - Date.parse(row.lastUsedAt)).toBeLessThan(60_000)
      return row.lastUsedFrom
    }
    expect(await use("192.0.2.7")).toBe(null)

    await db.token.updateMany({ data: { lastUsedAt: inDays(-1) } })
    Object.assign(configuration, { AUDIT_ADDRESSES: true })
    expect(await use("192.0.2.8")).toBe("192.0.2.8")
    expect(await use("192.0.2.9")).toBe("192.0.2.8")
  })

  it.each([
    { secondFactorRequired: false },
    { inviters: "members" },
    { reset: ["inviters"] },
    { previews: false, reset: ["secondFactorRequired"] },
    { auditDays: 1 },
    { reset: ["auditDays"] },
    { unscannable: "release" },
    { previews: false, reset: ["unscannable"] },
  ])(
    "changes nothing about sign-in, the audit log or files that are not scanned: %j",
    async (body) => {
      const as = await anAdmin()
      const set = { previews: true, secondFactorRequired: true, inviters: "admins" }
      const kept = { ...set, auditDays: 30, unscannable: "hold" }
      expect((await callApi("PATCH /admin/settings", { as, body: kept })).status).toBe(200)
      const before = await db.setting.findMany()
      const { token } = await aToken(as, ["admin:write"])

      const answer = await callBy(token, "PATCH /admin/settings", { body })

      expect([answer.status, await codeOf(answer)]).toEqual([403, "scope"])
      expect(await db.setting.findMany()).toEqual(before)
      const other = { body: { previews: false, reset: ["maxShareDays"] } }
      expect((await callBy(token, "PATCH /admin/settings", other)).status).toBe(200)
    },
  )

  it("releases no file that is held", async () => {
    const as = await anAdmin()
    const { token } = await aToken(as, ["admin:read", "admin:write"])
    const { id } = await aFile()
    await db.file.update({ where: { id }, data: { status: "held", heldFor: "Bad" } })
    const asked = { id, body: { reason: "It is safe." } }
    const answer = await callBy(token, "POST /admin/files/{id}/release", asked)
    expect([answer.status, await codeOf(answer)]).toEqual([403, "scope"])
    expect((await db.file.findUniqueOrThrow({ where: { id } })).status).toBe("held")
  })

  it("is named by what it did in the audit log", async () => {
    const owner = await aMember()
    const { id, token } = await aToken(owner, ["shares:write"])
    const { id: fileId } = await aFile({ owner })
    await callBy(token, "POST /shares", { body: { fileIds: [fileId] } })
    const [entry] = await db.auditEntry.findMany({ where: { action: "share.create" } })
    expect(entry?.details).toMatchObject({ token: "Build", tokenId: id })
    const [made] = await db.auditEntry.findMany({ where: { action: "member.token_add" } })
    expect(made?.details).toEqual({ name: "Build" })
  })
})

const GUESSES = process.env.HEAVY ? 10_000 : 1_000

describe("guessed tokens", () => {
  it("reach the database only with the right checksum, and then are slowed by address", async () => {
    const { token } = await aToken(await aMember(), ["files:read"])
    const from = "192.0.2.66"
    const queries = vi.spyOn(pool(), "query")
    for (let tried = 0; tried < GUESSES; tried += 1) {
      const guess = `lapse_${tried.toString(36).padStart(36, "x")}`
      expect((await callBy(guess, "GET /me", { from })).status).toBe(401)
    }
    expect(queries).not.toHaveBeenCalled()
    queries.mockRestore()

    const statuses = new Map<number, number>()
    for (let tried = 0; tried < 100; tried += 1) {
      const { status } = await callBy(newTokenText(), "GET /me", { from })
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
    expect(Object.fromEntries(statuses)).toEqual({ 401: 60, 429: 40 })
    expect((await callBy(token, "GET /me", { from })).status).toBe(200)
  })
})

describe("the caps of a token", () => {
  async function capped(caps: TokenCaps) {
    const owner = await aMember()
    const { token } = await aToken(
      owner,
      ["files:write", "shares:read", "shares:write", "requests:write"],
      caps,
    )
    return { owner, token }
  }

  const file = (size: number) => ({ name: "a.bin", size, contentType: "application/octet-stream" })

  it("limit the bytes of a day exactly, whatever the concurrency", async () => {
    const { owner, token } = await capped({ maxDayBytes: 10 * KIB })
    const started = await Promise.all([
      ...Array.from({ length: 12 }, () => callBy(token, "POST /files", { body: file(KIB) })),
      callBy(token, "POST /files/batch", { body: { files: Array(5).fill(file(KIB)) } }),
    ])
    expect(started.every(({ status }) => status === 201 || status === 413)).toBe(true)
    expect(await db.file.count({ where: { ownerId: owner } })).toBe(10)

    const late = await callBy(token, "POST /files", { body: file(1) })
    expect([late.status, await codeOf(late)]).toEqual([413, "quota_exceeded"])
    expect((await callApi("POST /files", { as: owner, body: file(KIB) })).status).toBe(201)
    await db.file.updateMany({ where: { ownerId: owner }, data: { deletedAt: new Date() } })
    expect((await callBy(token, "POST /files", { body: file(1) })).status).toBe(413)

    await db.token.updateMany({ data: { uploadDay: inDays(-1) } })
    expect((await callBy(token, "POST /files", { body: file(10 * KIB) })).status).toBe(201)
    expect((await callBy(token, "POST /files", { body: file(1) })).status).toBe(413)
  })

  it("limit the end of every link that it makes or moves", async () => {
    const { owner, token } = await capped({ maxShareDays: 2 })
    const { id: fileId } = await aFile({ owner })
    const share = (body: object) =>
      callBy(token, "POST /shares", { body: { fileIds: [fileId], ...body } })
    expect((await share({ expiresAt: inDays(3) })).status).toBe(400)
    expect((await share({ expiresAt: null })).status).toBe(400)
    const made = await (await share({})).json()
    expect(Date.parse(made.expiresAt)).toBeLessThanOrEqual(inDays(2).getTime())

    const edit = (id: string, body: object) => callBy(token, "PATCH /shares/{id}", { id, body })
    for (const expiresAt of [inDays(3), null])
      expect((await edit(made.id, { expiresAt })).status).toBe(400)
    const body = { ids: [made.id], expiresAt: inDays(30) }
    expect((await callBy(token, "POST /shares/extend", { body })).status).toBe(400)

    const older = await aShare({ owner, expiresAt: null, fileIds: [] })
    expect((await edit(older.id, { addFileIds: [fileId] })).status).toBe(400)
    expect((await edit(older.id, { title: "Older" })).status).toBe(200)
    await callBy(token, "POST /shares/{id}/revoke", { id: older.id })
    expect((await callBy(token, "POST /shares/{id}/restore", { id: older.id })).status).toBe(400)
    expect((await callBy(token, "POST /shares/{id}/new-link", { id: older.id })).status).toBe(400)
    expect((await callBy(token, "POST /shares/{id}/new-link", { id: made.id })).status).toBe(200)

    const request = { title: "Photos", folder: "Photos", expiresAt: inDays(3) }
    expect((await callBy(token, "POST /requests", { body: request })).status).toBe(400)
    expect((await callApi("POST /requests", { as: owner, body: request })).status).toBe(201)
  })

  it("require a password of every share that it makes, and keep it there", async () => {
    const { owner, token } = await capped({ passwordRequired: true })
    const { id: fileId } = await aFile({ owner })
    const share = (body: object) =>
      callBy(token, "POST /shares", { body: { fileIds: [fileId], ...body } })
    expect(await codeOf(await share({}))).toBe("not_allowed")
    const { id } = await (await share({ password: "correct horse" })).json()
    const edit = (id: string, body: object) => callBy(token, "PATCH /shares/{id}", { id, body })
    expect(await codeOf(await edit(id, { password: null }))).toBe("not_allowed")
    const older = await aShare({ owner, fileIds: [] })
    expect(await codeOf(await edit(older.id, { addFileIds: [fileId] }))).toBe("not_allowed")
    const request = { title: "Photos", folder: "Photos" }
    expect(await codeOf(await callBy(token, "POST /requests", { body: request }))).toBe(
      "not_allowed",
    )
    expect((await callApi("POST /shares", { as: owner, body: { fileIds: [fileId] } })).status).toBe(
      201,
    )

    const newLink = { id: older.id }
    expect(await codeOf(await callBy(token, "POST /shares/{id}/new-link", newLink))).toBe(
      "not_allowed",
    )
    const now = await callApi("GET /shares/{id}", { as: owner, id: older.id })
    expect((await now.json()).url).toBe(older.url)
    expect((await callApi("POST /shares/{id}/new-link", { as: owner, ...newLink })).status).toBe(
      200,
    )
  })

  it("hold for requests too, and for each new address of one", async () => {
    const { owner, token } = await capped({ passwordRequired: true, maxShareDays: 20 })
    const ask = (body: object) =>
      callBy(token, "POST /requests", { body: { title: "Photos", folder: "In", ...body } })
    expect(await codeOf(await ask({}))).toBe("not_allowed")
    expect((await ask({ password: "correct horse", expiresIn: 21 * 86_400 })).status).toBe(400)
    const { id } = await (await ask({ password: "correct horse" })).json()
    const edit = (id: string, body: object) => callBy(token, "PATCH /requests/{id}", { id, body })
    expect(await codeOf(await edit(id, { password: null }))).toBe("not_allowed")
    expect((await edit(id, { slug: "photos" })).status).toBe(200)
    expect((await callBy(token, "POST /requests/{id}/new-link", { id })).status).toBe(200)

    const older = await aRequest({ owner, reusable: true })
    const refused = [
      await edit(older.id, { slug: "films" }),
      await edit(older.id, { expiresIn: 19 * 86_400 }),
      await callBy(token, "POST /requests/{id}/new-link", { id: older.id }),
    ]
    for (const answer of refused) expect(await codeOf(answer)).toBe("not_allowed")
    expect((await edit(older.id, { title: "Films" })).status).toBe(200)
    await callBy(token, "POST /requests/{id}/revoke", { id: older.id })
    const restore = await callBy(token, "POST /requests/{id}/restore", { id: older.id })
    expect(await codeOf(restore)).toBe("not_allowed")
    for (const at of ["POST /requests/{id}/restore", "POST /requests/{id}/new-link"])
      expect((await callApi(at, { as: owner, id: older.id })).status).toBe(200)
  })

  it("have no room once the token ended while its upload waited", async () => {
    const { owner, token } = await capped({ maxDayBytes: KIB })
    const answer = await db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT FROM member WHERE id = ${owner}::uuid FOR NO KEY UPDATE`
      const waits = callBy(token, "POST /files", { body: file(1) })
      await untilOneWaits()
      await tx.token.updateMany({ data: { endedAt: new Date() } })
      return { waits }
    })
    expect((await answer.waits).status).toBe(401)
    expect(await db.file.count()).toBe(0)
  })
})
