import { randomUUID } from "node:crypto"
import pg from "pg"
import { afterEach, describe, expect, it, vi } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { acceptInvite } from "#lib/rooms/accounts/invites/accept-invite.ts"
import { inviteMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { mailPasswordReset } from "#lib/rooms/accounts/passwords/mail-password-reset.ts"
import { followGroups } from "#lib/rooms/accounts/teams/change-people.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { callApi } from "#testing/call-api.ts"
import { changedWhile } from "#testing/database/until-one-waits.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"

const slugOf = async (team: string) =>
  (await db.team.findUniqueOrThrow({ where: { id: team } })).slug

/** The header by which a page acts for a team. */
const actingFor = async (team: string) => ({ "lapse-team": await slugOf(team) })

const codeOf = async (answer: Response) => (await answer.json()).code

const accept = (url: string) =>
  acceptInvite({
    ...{ name: "Pia", email: "pia@example.org", password: "correct horse battery" },
    token: url.split("/").at(-1) ?? "",
  })

afterEach(withoutMail)

describe("a team", () => {
  it("is made with a manager, who acts for it as for an owner", async () => {
    const admin = await anAdmin()
    const pia = await aMember({ name: "Pia" })
    const made = await callApi("POST /admin/teams", {
      as: admin,
      body: { name: "Accounting", slug: "accounting", manager: pia, quotaBytes: 1_000 },
    })
    const team = await made.json()
    expect(team).toMatchObject({ slug: "accounting", members: 1, quotaBytes: 1_000 })
    const mine = await (await callApi("GET /teams", { as: pia })).json()
    expect(mine.items).toEqual([
      { id: team.id, slug: "accounting", name: "Accounting", manager: true, notices: true },
    ])
    const { id } = await aFile({ owner: team.id as PersonId })
    const share = await callApi("POST /shares", {
      as: pia,
      body: { fileIds: [id] },
      headers: { "lapse-team": "accounting" },
    })
    expect(share.status).toBe(201)
    const { id: shareId } = await share.json()
    expect(await db.share.findUnique({ where: { id: shareId } })).toMatchObject({
      ownerId: team.id,
    })
    const entry = await db.auditEntry.findFirst({ where: { targetId: shareId } })
    expect(entry).toMatchObject({ actorId: pia, details: { teamId: team.id } })
    expect(entry?.actor).toMatch(/^Pia </)
    mailBy(9)
    await callApi("POST /shares/{id}/links", {
      ...{ as: pia, id: shareId, headers: { "lapse-team": "accounting" } },
      body: { recipient: "maria@example.org", mail: true },
    })
    const mail = await db.mail.findFirstOrThrow({ where: { kind: "shared" } })
    const { email } = await db.member.findUniqueOrThrow({ where: { id: pia } })
    expect(mail.values).toMatchObject({ by: { name: "Pia (Accounting)", address: email } })
    expect((await callApi("GET /shares/{id}", { as: pia, id: shareId })).status).toBe(404)
    expect((await callApi("GET /shares/{id}", { as: admin, id: shareId })).status).toBe(404)
  })

  it("is found by slug or id, and unknown to strangers", async () => {
    const team = await aTeam({ people: [await aMember()] })
    const stranger = await aMember()
    for (const name of [team, await slugOf(team), "no-such-team"]) {
      const answer = await callApi("GET /files", { as: stranger, headers: { "lapse-team": name } })
      expect([answer.status, await codeOf(answer)]).toEqual([404, "not_found"])
    }
    const pia = await aMember()
    const own = await aTeam({ manager: pia })
    const byId = await callApi("GET /files", { as: pia, headers: { "lapse-team": own } })
    expect(byId.status).toBe(200)
  })

  it("keeps its calls apart from the person's own, also by one Idempotency-Key", async () => {
    const pia = await aMember()
    const team = await aTeam({ manager: pia })
    const post = (headers: Record<string, string>) =>
      callApi("POST /requests", {
        as: pia,
        body: { title: "Invoices", folder: "Invoices" },
        headers: { "idempotency-key": "one", ...headers },
      }).then((answer) => answer.json())
    const own = await post({})
    const ofTeam = await post(await actingFor(team))
    expect(ofTeam.id).not.toBe(own.id)
    expect(await post(await actingFor(team))).toMatchObject({ id: ofTeam.id })
    const owners = await db.share.findMany({ where: { id: { in: [own.id, ofTeam.id] } } })
    expect(new Set(owners.map(({ ownerId }) => ownerId))).toEqual(new Set([pia, team]))
  })

  it("refuses whoever was removed at the next call, and their tokens", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, people: [bo] })
    const headers = await actingFor(team)
    expect((await callApi("GET /files", { as: bo, headers })).status).toBe(200)
    await callApi("DELETE /teams/{id}/members/{memberId}", { as: pia, id: `${team} ${bo}` })
    expect((await callApi("GET /files", { as: bo, headers })).status).toBe(404)
  })

  it("keeps a manager, also when two remove each other at once", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    for (let round = 0; round < 5; round += 1) {
      const team = await aTeam({ manager: pia })
      await db.teamMember.create({ data: { teamId: team, memberId: bo, manager: true } })
      const remove = (as: string, whom: string) =>
        callApi("DELETE /teams/{id}/members/{memberId}", { as, id: `${team} ${whom}` })
      const statuses = (await Promise.all([remove(pia, bo), remove(bo, pia)])).map(
        ({ status }) => status,
      )
      expect(statuses.toSorted()).toEqual([204, 404])
      expect(await db.teamMember.count({ where: { teamId: team, manager: true } })).toBe(1)
    }
    const team = await aTeam({ manager: pia, people: [bo] })
    const alone = await callApi("DELETE /teams/{id}/members/{memberId}", {
      as: pia,
      id: `${team} ${pia}`,
    })
    expect([alone.status, await codeOf(alone)]).toEqual([409, "conflict"])
    const added = { as: bo, id: team, body: { memberId: bo, manager: true } }
    expect((await callApi("POST /teams/{id}/members", added)).status).toBe(403)
  })

  it.each(["nobody", "a team", "a disabled member"])(
    "is made with no manager who is %s, and gets no such person",
    async (who) => {
      const admin = await anAdmin()
      const team = await aTeam({ manager: admin })
      const manager = {
        nobody: randomUUID,
        "a team": () => aTeam(),
        "a disabled member": () => aMember({ disabledAt: new Date() }),
      }[who]
      const memberId = await manager?.()
      const body = { name: "Sales", slug: "sales", manager: memberId }
      const made = await callApi("POST /admin/teams", { as: admin, body })
      expect([made.status, await codeOf(made)]).toEqual([404, "not_found"])
      expect(await db.team.count({ where: { slug: "sales" } })).toBe(0)
      const add = { as: admin, id: team, body: { memberId } }
      expect((await callApi("POST /teams/{id}/members", add)).status).toBe(404)
    },
  )

  it("keeps who manages it when a person is added again without a word on that", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, people: [bo] })
    const add = (body: object) => callApi("POST /teams/{id}/members", { as: pia, id: team, body })
    const managers = () => db.teamMember.count({ where: { teamId: team, manager: true } })
    await add({ memberId: bo, manager: true })
    expect((await add({ memberId: bo })).status).toBe(204)
    expect(await managers()).toBe(2)
    const entry = await db.auditEntry.findFirst({ where: { action: "team.manager" } })
    const { name, email } = await db.member.findUniqueOrThrow({ where: { id: bo } })
    expect(entry?.details).toMatchObject({ member: `${name} <${email}>`, manager: true })
    await add({ memberId: bo, manager: false })
    expect(await managers()).toBe(1)
    expect((await add({ memberId: pia, manager: false })).status).toBe(409)
  })

  it("lets its people go whose only manager is disabled", async () => {
    const [pia, bo, admin] = [await aMember(), await aMember(), await anAdmin()]
    const team = await aTeam({ manager: pia, people: [bo] })
    await callApi("PATCH /admin/users/{id}", { as: admin, id: pia, body: { disabled: true } })
    const leave = (whom: string) =>
      callApi("DELETE /teams/{id}/members/{memberId}", { as: whom, id: `${team} ${whom}` })
    expect((await leave(bo)).status).toBe(204)
    expect(await db.teamMember.count({ where: { teamId: team } })).toBe(1)
  })

  it("has room for 1,000 added people, and more by invitation or group", async () => {
    const [pia, bo, admin] = [await aMember(), await aMember(), await anAdmin()]
    const team = await aTeam({ manager: pia, group: "all" })
    await db.$executeRaw`
      WITH added AS (INSERT INTO member (id, name, email, password_hash)
        SELECT gen_random_uuid(), 'P' || n, n || '@team.example', 'none'
        FROM generate_series(1, 999) n RETURNING id)
      INSERT INTO team_member (team_id, member_id) SELECT ${team}::uuid, id FROM added`
    const add = async (body: object) =>
      (await callApi("POST /teams/{id}/members", { as: pia, id: team, body })).status
    expect(await add({ memberId: bo })).toBe(409)
    const { url } = await inviteMember(admin, { email: null, role: "member", teams: [team] })
    await accept(url)
    await followGroups(bo, ["all"])
    expect(await add({ memberId: bo, manager: true })).toBe(204)
    expect(await db.teamMember.count({ where: { teamId: team } })).toBe(1_002)
    const listed = await (await callApi("GET /teams/{id}/members", { as: pia, id: team })).json()
    expect(listed.items).toHaveLength(1_000)
  })

  it("is one of at most 500, also when the last two are made at once", async () => {
    const admin = await anAdmin()
    await db.$executeRaw`
      WITH made AS (INSERT INTO member (id, name, email, password_hash, member_kind)
        SELECT gen_random_uuid(), 'T' || n, n || '@invalid', 'team', 'team'
        FROM generate_series(1, 499) n RETURNING id)
      INSERT INTO team (id, slug) SELECT id, 'of-' || id FROM made`
    const make = (slug: string) =>
      callApi("POST /admin/teams", { as: admin, body: { name: "Sales", slug } })
    const made = await Promise.all(["one", "two", "three", "four"].map(make))
    expect(made.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409])
  })

  it("names the person as actor where the person joins or leaves by group or invitation", async () => {
    const [pia, admin] = [await aMember(), await anAdmin()]
    const team = await aTeam({ manager: admin, group: "accounting" })
    await followGroups(pia, ["accounting"])
    await followGroups(pia, [])
    const { url } = await inviteMember(admin, { email: null, role: "member", teams: [team] })
    const { memberId } = await accept(url)
    const entries = await db.auditEntry.findMany({
      where: { action: { in: ["member.team_add", "member.team_remove"] } },
      orderBy: { id: "asc" },
    })
    expect(entries.map(({ action, actorId }) => [action, actorId])).toEqual([
      ["member.team_add", pia],
      ["member.team_remove", pia],
      ["member.team_add", memberId],
    ])
  })

  it("keeps its people when an admin saves it with the group that it has", async () => {
    const [pia, bo, admin] = [await aMember(), await aMember(), await anAdmin()]
    const team = await aTeam({ manager: bo, group: "accounting" })
    await followGroups(pia, ["accounting"])
    const body = { name: "Build", scopes: ["files:read"] }
    const made = await callApi("POST /tokens", { as: pia, headers: await actingFor(team), body })
    const { id: token } = await made.json()
    const edit = (group: string | null) =>
      callApi("PATCH /admin/teams/{id}", { as: admin, id: team, body: { name: "Books", group } })
    const left = async () => [
      await db.teamMember.count({ where: { teamId: team, memberId: pia } }),
      await db.token.count({ where: { id: token, endedAt: null } }),
    ]
    expect((await edit("accounting")).status).toBe(200)
    expect(await left()).toEqual([1, 1])
    expect((await edit("sales")).status).toBe(200)
    expect(await left()).toEqual([0, 0])
    expect(await db.teamMember.count({ where: { teamId: team, memberId: bo } })).toBe(1)
  })

  it("is not joined by a group that an admin takes from it in that moment", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: bo, group: "accounting" })
    await changedWhile(
      (tx) => tx.team.update({ where: { id: team }, data: { group: null } }),
      () => followGroups(pia, ["accounting"]),
    )
    expect(await db.teamMember.count({ where: { teamId: team, memberId: pia } })).toBe(0)
  })

  it("keeps who is added in the moment of a sign-in that ends the membership by group", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: bo, group: "accounting" })
    await followGroups(pia, ["accounting"])
    const membership = { teamId_memberId: { teamId: team, memberId: pia } }
    await changedWhile(
      (tx) => tx.teamMember.update({ where: membership, data: { groupAt: null } }),
      () => followGroups(pia, []),
    )
    expect(await db.teamMember.count({ where: { teamId: team, memberId: pia } })).toBe(1)
    await db.teamMember.update({ where: membership, data: { groupAt: new Date() } })
    await changedWhile(
      (tx) => tx.teamMember.delete({ where: membership }),
      () => followGroups(pia, []),
    )
    expect(await db.teamMember.count({ where: { teamId: team, memberId: pia } })).toBe(0)
  })

  it("follows a group of the provider: joined at sign-in, left at the next or after 7 days", async () => {
    const pia = await aMember()
    const boss = await aMember()
    const team = await aTeam({ manager: boss, group: "accounting" })
    const files = async () =>
      (await callApi("GET /files", { as: pia, headers: await actingFor(team) })).status
    await followGroups(pia, ["accounting", "all"])
    expect(await files()).toBe(200)
    const age = (by: string) => db.$executeRaw`
      UPDATE team_member SET group_at = now() - ${by}::interval WHERE member_id = ${pia}::uuid`
    await age("6 days 23:59")
    expect(await files()).toBe(200)
    await age("7 days 00:01")
    expect(await files()).toBe(404)
    await followGroups(pia, ["accounting"])
    expect(await files()).toBe(200)
    await followGroups(pia, [])
    expect(await files()).toBe(404)
    await followGroups(boss, []) // was added by somebody, so stays
    expect(await db.teamMember.count({ where: { teamId: team } })).toBe(1)
  })

  it("is out of reach from the moment that a sign-in no longer shows its group, whatever is under way", async () => {
    const [pia, boss] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: boss, group: "accounting" })
    await followGroups(pia, ["accounting"])
    const headers = await actingFor(team)
    const scopes = ["files:read", "files:write"]
    const made = await callApi("POST /tokens", {
      ...{ as: pia, headers, body: { name: "Build", scopes } },
    })
    const { token } = await made.json()
    const bearer = { authorization: `Bearer ${token}` }
    const body = { name: "plan.pdf", size: 3, contentType: "application/pdf" }
    const use = async (by: { as: string | null; headers: Record<string, string> }) =>
      (await callApi("POST /files", { ...by, body })).status
    const uses = () => [use({ as: pia, headers }), use({ as: null, headers: bearer })]
    const [, ...raced] = await Promise.all([
      followGroups(pia, []),
      ...Array.from({ length: 6 }).flatMap(uses),
    ])
    for (const status of raced) expect([201, 401, 404]).toContain(status)
    expect(await db.file.count({ where: { ownerId: team } })).toBe(
      raced.filter((status) => status === 201).length,
    )
    expect(await db.file.count({ where: { ownerId: pia } })).toBe(0)
    expect(await Promise.all(uses())).toEqual([404, 401])
    expect(await db.teamMember.count({ where: { memberId: pia } })).toBe(0)
  })

  it("adds no query to a person's own calls, and none to a call for it", async () => {
    const [alone, pia] = [await aMember(), await aMember()]
    const [team = ""] = await Promise.all(
      Array.from({ length: 20 }, () => aTeam({ manager: pia, people: [] })),
    )
    const headers = await actingFor(team)
    const body = { name: "plan.pdf", size: 3, contentType: "application/pdf" }
    const queries = vi.spyOn(pg.Query.prototype, "submit")
    const countOf = async (at: string, call: Parameters<typeof callApi>[1]) => {
      queries.mockClear()
      const { status } = await callApi(at, { ...call, ...(at.startsWith("POST") && { body }) })
      expect([at, status]).toEqual([at, at.startsWith("POST") ? 201 : 200])
      return queries.mock.calls.length
    }
    for (const at of ["GET /files", "GET /shares", "GET /requests", "GET /me", "POST /files"]) {
      for (const call of [{ as: alone }, { as: pia }, { as: pia, headers }]) await countOf(at, call)
      const own = await countOf(at, { as: alone })
      expect(own).toBeGreaterThan(0)
      expect([at, await countOf(at, { as: pia })]).toEqual([at, own])
      expect([at, await countOf(at, { as: pia, headers })]).toEqual([at, own])
    }
    queries.mockRestore()
  })

  it("has an upload that one who was removed meanwhile began, and another of its people ends", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, people: [bo] })
    const headers = await actingFor(team)
    const body = { name: "plan.pdf", size: 5, contentType: "application/pdf" }
    const started = await callApi("POST /files", { as: bo, headers, body })
    const { file, upload } = await started.json()
    await callApi("DELETE /teams/{id}/members/{memberId}", { as: pia, id: `${team} ${bo}` })
    const call = async (at: string, as: string) =>
      (await callApi(at, { as, headers, id: file.id, body: {} })).status
    expect(await call("POST /files/{id}/upload", bo)).toBe(404)
    await fetch(upload.url, { method: "PUT", headers: upload.headers, body: "bytes" })
    expect(await call("POST /files/{id}/complete", bo)).toBe(404)
    expect(await call("POST /files/{id}/complete", pia)).toBe(200)
    expect(await db.file.findUnique({ where: { id: file.id } })).toMatchObject({ ownerId: team })
  })

  it("has tokens of its people, which end with their membership, and service accounts, which stay", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, people: [bo] })
    const headers = await actingFor(team)
    const make = async (as: string, more = {}) => {
      const body = { name: "Build", scopes: ["files:read", "shares:write"], ...more }
      const answer = await callApi("POST /tokens", { as, headers, body })
      return { status: answer.status, ...(await answer.json()) }
    }
    const own = await make(bo)
    const service = await make(pia, { service: true })
    expect(await make(bo, { service: true })).toMatchObject({ status: 403 })
    expect(await make(pia, { scopes: ["admin:read"] })).toMatchObject({ status: 403 })
    const { id } = await aFile({ owner: team })
    const files = async (token: string) => {
      const answer = await callApi("GET /files", {
        as: null,
        headers: { authorization: `Bearer ${token}` },
      })
      return answer.status === 200
        ? (await answer.json()).items.map((file: { id: string }) => file.id)
        : answer.status
    }
    expect(await files(own.token)).toEqual([id])
    expect(await files(service.token)).toEqual([id])
    const listed = async (as: string) =>
      (await (await callApi("GET /tokens", { as, headers })).json()).items.length
    expect([await listed(bo), await listed(pia)]).toEqual([1, 2])
    const share = await callApi("POST /shares", {
      as: null,
      headers: { authorization: `Bearer ${service.token}` },
      body: { fileIds: [id] },
    })
    const entry = await db.auditEntry.findFirst({ where: { targetId: (await share.json()).id } })
    expect(entry).toMatchObject({ actorId: team, details: { tokenId: service.id } })
    expect(entry?.actor).toBe("Accounting")
    const both = { authorization: `Bearer ${own.token}`, ...headers }
    expect((await callApi("GET /files", { as: null, headers: both })).status).toBe(400)
    await callApi("DELETE /teams/{id}/members/{memberId}", { as: pia, id: `${team} ${bo}` })
    expect(await files(own.token)).toBe(401)
    expect(await files(service.token)).toEqual([id])
    await callApi("DELETE /tokens/{id}", { as: pia, id: service.id, headers })
    expect(await files(service.token)).toBe(401)
  })

  it("has mails that each of its people turns off alone", async () => {
    const [pia, bo] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, people: [bo] })
    const headers = await actingFor(team)
    const off = await callApi("PATCH /me", { as: pia, headers, body: { notices: false } })
    expect(off.status).toBe(204)
    const wants = async (as: string) =>
      (await (await callApi("GET /teams", { as })).json()).items[0].notices
    expect([await wants(pia), await wants(bo)]).toEqual([false, true])
    expect(await db.member.findUnique({ where: { id: pia } })).toMatchObject({ notices: true })
  })

  it("gives its token to a device that asked for it", async () => {
    const [pia, stranger] = [await aMember(), await aMember()]
    const team = await aTeam({ manager: pia, slug: "builders" })
    const body = { name: "Laptop", scopes: ["files:read"], team: "builders" }
    const device = await (await callApi("POST /device", { as: null, body })).json()
    const approve = (as: string) =>
      callApi("POST /device/approve", { as, body: { userCode: device.userCode } })
    expect((await approve(stranger)).status).toBe(404)
    expect((await approve(pia)).status).toBe(204)
    expect(await db.token.findFirst({ where: { personId: pia } })).toMatchObject({ memberId: team })
  })

  it("is joined by who accepts an invitation that names it", async () => {
    const admin = await anAdmin()
    const team = await aTeam({ manager: admin })
    const invite = await inviteMember(admin, { email: null, role: "member", teams: [team] })
    const { memberId } = await accept(invite.url)
    expect(await db.teamMember.findMany({ where: { memberId } })).toMatchObject([{ teamId: team }])
  })

  it("is no person: no sign-in, no reset, no list of members", async () => {
    const admin = await anAdmin()
    const team = await aTeam({ manager: admin })
    const { email } = await db.member.findUniqueOrThrow({ where: { id: team } })
    await mailPasswordReset({ email, origin: null, language: "en" })
    expect(await db.passwordReset.count({ where: { memberId: team } })).toBe(0)
    const { items } = await (await callApi("GET /admin/users", { as: admin })).json()
    expect(items.map(({ id }: { id: string }) => id)).not.toContain(team)
    for (const [at, body] of [
      ["GET /admin/users/{id}", undefined],
      ["PATCH /admin/users/{id}", { role: "admin" }],
      ["POST /admin/users/{id}/reset-password", {}],
      ["POST /admin/users/{id}/end-sessions", undefined],
      ["DELETE /admin/users/{id}/tokens", undefined],
      ["DELETE /admin/users/{id}", { files: "delete" }],
    ] as const) {
      const answer = await callApi(at, { as: admin, id: team, body })
      expect([at, answer.status]).toEqual([at, 404])
    }
    const admins = db.member.update({ where: { id: team }, data: { role: "admin" } })
    await expect(admins).rejects.toThrow("member_team_signs_in_never")
  })

  it("ends with what belongs to it, and its slug is free again", async () => {
    const admin = await anAdmin()
    const pia = await aMember()
    const team = await aTeam({ manager: pia, slug: "brief" })
    const { id } = await aShare({ owner: team })
    const gone = await callApi("DELETE /admin/teams/{id}", {
      as: admin,
      id: team,
      body: { files: "delete" },
    })
    expect(await gone.json()).toEqual({ shares: 1, files: 1 })
    expect((await db.share.findUniqueOrThrow({ where: { id } })).revokedAt).not.toBeNull()
    const again = await callApi("POST /admin/teams", {
      as: admin,
      body: { name: "Brief", slug: "brief" },
    })
    expect(again.status).toBe(201)
  })
})
