import { describe, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { setLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { newVisitId } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { deletesAt } from "#lib/rooms/files/retention/deletes-at.ts"
import { completeFile } from "#lib/rooms/requests/guest/deliver.ts"
import { aFile, aStartedFile } from "#testing/builders/a-file.ts"
import { aLink } from "#testing/builders/a-link.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy, startedBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { aToken } from "#testing/builders/a-token.ts"
import { callApi } from "#testing/call-api.ts"
import { digestDatabase } from "#testing/database/database-digest.ts"
import { changedWhile } from "#testing/database/until-one-waits.ts"
import { noCookies, source } from "#testing/look-and-click.ts"

type Move = { shareIds?: string[]; requestIds?: string[]; fileIds?: string[]; dryRun?: boolean }

/** Moves from the person, or from a team for which the person acts. */
const move = (as: string, body: Move & { to: string }, team?: string) =>
  callApi("POST /move", { as, body, ...(team && { headers: { "lapse-team": team } }) })

const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code]

async function aPersonAndTeam(quotaBytes: number | null = null) {
  const pia = await aMember({ name: "Pia" })
  const team = await aTeam({ manager: pia })
  await db.member.update({ where: { id: team }, data: { quotaBytes } })
  return { pia, team }
}

const ownersOf = async (...ids: string[]) => {
  const which = { where: { id: { in: ids } }, select: { ownerId: true } }
  const rows = [...(await db.file.findMany(which)), ...(await db.share.findMany(which))]
  return [...new Set(rows.map(({ ownerId }) => ownerId))]
}

const usedBy = async (owner: string) => (await readUsage(owner as PersonId)).usedBytes

describe("POST /move", () => {
  it("moves a share with its files to a team and back, and its link goes on", async () => {
    const { pia, team } = await aPersonAndTeam()
    const file = await aFile({ owner: pia, bytes: "12345" })
    const link = await aLink({ like: { ownerId: pia, fileIds: [file.id] } })
    const click = () =>
      claim({
        ...{ publicId: link.publicId, fileIds: [file.id], directOnly: false, source },
        cookies: { ...noCookies, visitId: newVisitId() },
      })
    await click()

    const answer = await move(pia, { shareIds: [link.shareId], to: team })

    expect(await answer.json()).toEqual({ shares: 1, requests: 0, files: 1, bytes: 5, also: [] })
    expect(await ownersOf(link.shareId, file.id)).toEqual([team])
    expect([await usedBy(pia), await usedBy(team)]).toEqual([0, 5])
    await click()
    const read = (headers?: Record<string, string>) =>
      callApi("GET /shares/{id}", { as: pia, id: link.shareId, ...(headers && { headers }) })
    expect((await read()).status).toBe(404)
    const share = await (await read({ "lapse-team": team })).json()
    expect(share).toMatchObject({ downloads: 2, url: expect.stringContaining(link.token) })
    const cutOff = await callApi("POST /shares/{id}/revoke", {
      ...{ as: pia, id: link.shareId, body: { cutOff: true } },
      headers: { "lapse-team": team },
    })
    expect(await cutOff.json()).toMatchObject({ cutOff: { objects: 1 } })

    const back = await move(pia, { shareIds: [link.shareId], to: "me" }, team)

    expect(back.status).toBe(200)
    expect(await ownersOf(link.shareId, file.id)).toEqual([pia])
    expect([await usedBy(pia), await usedBy(team)]).toEqual([5, 0])
    const entries = await db.auditEntry.findMany({
      where: { action: { in: ["member.transfer", "share.transfer", "file.transfer"] } },
      orderBy: { at: "asc" },
    })
    expect(entries.map(({ action }) => action).sort()).toEqual(
      ["file", "file", "member", "member", "share", "share"].map((room) => `${room}.transfer`),
    )
    expect(new Set(entries.map(({ actorId }) => actorId))).toEqual(new Set([pia]))
    expect(entries.find(({ targetId }) => targetId === pia)?.details).toMatchObject({
      ...{ to: "Accounting", shares: 1, files: 1 },
    })
  })

  it("says what else has the files, and moves all of it or nothing", async () => {
    const { pia, team } = await aPersonAndTeam()
    const request = await aRequest({ owner: pia })
    const received = await sentBy(await aGuest(request.publicId))
    const [file, other] = [await aFile({ owner: pia }), await aFile({ owner: pia })]
    const one = await aShare({ owner: pia, title: "One", fileIds: [file.id] })
    const two = await aShare({ owner: pia, title: "Two", fileIds: [file.id, other.id] })
    const three = await aShare({ owner: pia, title: "Three", fileIds: [other.id, received.id] })
    const apart = await aShare({ owner: pia, fileIds: [(await aFile({ owner: pia })).id] })
    const all = [one.id, two.id, three.id, request.id, file.id, other.id, received.id]

    const dry = await move(pia, { fileIds: [file.id], to: team, dryRun: true })
    const { also, ...numbers } = await dry.json()
    expect(numbers).toMatchObject({ shares: 3, requests: 1, files: 3 })
    expect(also.map(({ kind, title }: { kind: string; title: string }) => [kind, title])).toEqual([
      ["request", "Photos, please"],
      ["share", "One"],
      ["share", "Two"],
      ["share", "Three"],
    ])
    const before = await digestDatabase()
    for (const some of [
      { fileIds: [file.id] },
      { shareIds: [one.id] },
      { shareIds: [one.id, two.id, three.id] },
      { requestIds: [request.id] },
    ])
      expect(await codeOf(await move(pia, { ...some, to: team }))).toEqual([409, "conflict"])
    expect(await digestDatabase()).toEqual(before)

    const shareIds = [one.id, two.id, three.id]
    const moved = await move(pia, { shareIds, requestIds: [request.id], to: team })
    expect(await moved.json()).toEqual({ ...numbers, also: [] })
    expect(await ownersOf(...all)).toEqual([team])
    expect(await ownersOf(apart.id)).toEqual([pia])
  })

  it("moves a share of 10,000 files at once, and nothing leaves no entry", async () => {
    const { pia, team } = await aPersonAndTeam()
    await db.$executeRaw`
      INSERT INTO file (id, owner_id, name, size, content_type, status)
      SELECT gen_random_uuid(), ${pia}::uuid, n::text, 1, 'a/b', 'abandoned' FROM generate_series(1, 10000) n`
    await db.member.update({ where: { id: pia }, data: { usedBytes: 10_000 } })
    const { id } = await aShare({ owner: pia, fileIds: [(await aFile({ owner: pia })).id] })
    await db.$executeRaw`
      INSERT INTO share_file (share_id, file_id, position)
      SELECT ${id}::uuid, id, 1 + row_number() OVER () FROM file
      WHERE owner_id = ${pia}::uuid AND status = 'abandoned' LIMIT 9999`
    expect((await move(pia, { to: team })).status).toBe(200)
    expect(await db.auditEntry.count({ where: { action: "member.transfer" } })).toBe(0)
    expect(await (await move(pia, { shareIds: [id], to: team })).json()).toMatchObject({
      ...{ shares: 1, files: 10_000 },
    })
    expect(await usedBy(team)).toBe(9_999 + 10)
  })

  it("leaves a file with whom it was given to while the move of its share waited", async () => {
    const { pia, team } = await aPersonAndTeam()
    const other = await aMember()
    const [file, rest] = [await aFile({ owner: pia }), await aFile({ owner: pia })]
    const { id } = await aShare({ owner: pia, fileIds: [file.id, rest.id] })
    const moved = await changedWhile(
      async (tx) => {
        await tx.file.update({ where: { id: file.id }, data: { ownerId: other } })
        await tx.shareFile.updateMany({
          where: { fileId: file.id },
          data: { removedAt: new Date() },
        })
      },
      () => move(pia, { shareIds: [id], to: team }),
    )
    expect(await moved.json()).toMatchObject({ shares: 1, files: 1 })
    expect(await ownersOf(file.id)).toEqual([other])
    expect(await ownersOf(id, rest.id)).toEqual([team])
  })

  it("counts no deleted files, which go along", async () => {
    const { pia, team } = await aPersonAndTeam()
    const [first, gone] = [await aFile({ owner: pia, bytes: "12345" }), await aFile({ owner: pia })]
    const { id } = await aShare({ owner: pia, fileIds: [first.id, gone.id] })
    await db.$executeRaw`
      INSERT INTO file (id, owner_id, name, size, content_type, status, deleted_at)
      SELECT gen_random_uuid(), ${pia}::uuid, n::text, 1, 'a/b', 'ready', now() FROM generate_series(1, 10001) n`
    await db.$executeRaw`
      INSERT INTO share_file (share_id, file_id, position)
      SELECT ${id}::uuid, id, 2 + row_number() OVER () FROM file WHERE deleted_at IS NOT NULL`
    await callApi("DELETE /files/{id}", { as: pia, id: gone.id })
    const used = await usedBy(pia)
    expect(await (await move(pia, { shareIds: [id], to: team })).json()).toMatchObject({
      ...{ shares: 1, files: 1, bytes: used },
    })
    expect([await usedBy(pia), await usedBy(team)]).toEqual([0, used])
    expect(await db.file.count({ where: { ownerId: pia } })).toBe(0)
    expect(await db.auditEntry.count({ where: { action: "file.transfer" } })).toBe(1)
  })

  it("moves a file alone that a share no longer has, with its folder", async () => {
    const { pia, team } = await aPersonAndTeam()
    const [file, rest] = [await aFile({ owner: pia }), await aFile({ owner: pia })]
    const share = await aShare({ owner: pia, fileIds: [file.id, rest.id] })
    await db.file.update({ where: { id: file.id }, data: { path: "Plans/2026" } })
    await callApi("PATCH /shares/{id}", {
      ...{ as: pia, id: share.id, body: { removeFileIds: [file.id] } },
    })
    expect((await move(pia, { fileIds: [file.id], to: team })).status).toBe(200)
    expect(await db.file.findUnique({ where: { id: file.id } })).toMatchObject({
      ...{ ownerId: team, path: "Plans/2026" },
    })
    expect(await ownersOf(share.id, rest.id)).toEqual([pia])
  })

  it("moves a request with its deliveries, and an upload under way goes on", async () => {
    const { pia, team } = await aPersonAndTeam()
    const { id, publicId } = await aRequest({ owner: pia })
    const guest = await aGuest(publicId)
    const done = await sentBy(guest)
    const arriving = await startedBy(guest, { name: "late.jpg" })

    expect((await move(pia, { requestIds: [id], to: team })).status).toBe(200)

    await arriving.put()
    await completeFile(guest, arriving.file.id, {})
    const later = await sentBy(await aGuest(publicId))
    expect(await ownersOf(id, done.id, arriving.file.id, later.id)).toEqual([team])
    const listed = await callApi("GET /requests/{id}/deliveries", {
      ...{ as: pia, id, headers: { "lapse-team": team } },
    })
    expect((await listed.json()).items).toHaveLength(2)
    expect([await usedBy(pia), await usedBy(team)]).toEqual([0, 15])
  })

  it("is refused to strangers, for what is not theirs, and by a token, and changes nothing", async () => {
    const { pia, team } = await aPersonAndTeam()
    const [stranger, theirs] = [await aMember(), await aTeam({ manager: await aMember() })]
    const share = await aShare({ owner: pia, fileIds: [(await aFile({ owner: pia })).id] })
    const request = await aRequest({ owner: pia })
    const held = await aFile({ owner: theirs })
    const { token } = await aToken(pia, ["files:write", "shares:write"])
    for (const as of [pia, stranger]) await callApi("GET /me", { as })
    const before = await digestDatabase()
    const shareIds = [share.id]
    const refused = [
      [pia, { shareIds, to: theirs }, 404],
      [pia, { shareIds, to: "no-such-team" }, 404],
      [pia, { shareIds, to: "me" }, 400],
      [pia, { shareIds: [request.id], to: team }, 404],
      [pia, { requestIds: [share.id], to: team }, 404],
      [pia, { fileIds: [held.id], to: team }, 404],
      [stranger, { shareIds, to: "me" }, 400],
      [stranger, { shareIds, to: team }, 404],
    ] as const
    for (const [as, body, status] of refused)
      for (const dryRun of [true, false])
        expect([
          body,
          (await move(as, { ...body, shareIds: [], ...body, dryRun } as never)).status,
        ]).toEqual([body, status])
    expect((await move(stranger, { shareIds, to: "me" }, team)).status).toBe(404)
    const byToken = await callApi("POST /move", {
      ...{ as: null, body: { shareIds, to: team } },
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await codeOf(byToken)).toEqual([403, "scope"])
    expect(await digestDatabase()).toEqual({ ...before, token: expect.anything() })
  })

  it("is refused above the receiver's quota, exactly and at once", async () => {
    const { pia, team } = await aPersonAndTeam(10)
    const shares = []
    for (let n = 0; n < 6; n++)
      shares.push(
        await aShare({ owner: pia, fileIds: [(await aFile({ owner: pia, bytes: "123" })).id] }),
      )

    const answers = await Promise.all(
      shares.map(({ id }) => move(pia, { shareIds: [id], to: team }).then(codeOf)),
    )

    expect(answers.filter(([status]) => status === 200)).toHaveLength(3)
    expect(answers.filter(([, code]) => code === "quota_exceeded")).toHaveLength(3)
    expect([await usedBy(pia), await usedBy(team)]).toEqual([9, 9])
    expect(await db.file.count({ where: { ownerId: team } })).toBe(3)
    expect(await db.share.count({ where: { ownerId: team } })).toBe(3)
  })

  it("refuses an upload of the giver that is under way, and what a legal hold of the giver keeps", async () => {
    const { pia, team } = await aPersonAndTeam()
    const { file } = await aStartedFile({ owner: pia })
    expect(await codeOf(await move(pia, { fileIds: [file.id], to: team }))).toEqual([
      409,
      "conflict",
    ])
    const ready = await aFile({ owner: pia })
    const share = await aShare({ owner: pia, fileIds: [ready.id, file.id] })
    const both = await move(pia, { shareIds: [share.id], to: team })
    expect((await both.json()).title).toContain("still uploading")
    expect(await ownersOf(share.id, file.id, ready.id)).toEqual([pia])
    await callApi("PATCH /shares/{id}", {
      ...{ as: pia, id: share.id, body: { removeFileIds: [ready.id] } },
    })
    await setLegalHold(await anAdmin(), { of: "member", id: pia, reason: "Case 1" })
    expect(await codeOf(await move(pia, { fileIds: [ready.id], to: team }))).toEqual([
      ...[409, "legal_hold"],
    ])
    expect(await ownersOf(file.id, ready.id)).toEqual([pia])
  })

  it("gives a file that was kept back to the rule, not before the receiver was told", async () => {
    const { pia, team } = await aPersonAndTeam()
    const { id } = await aFile({ owner: pia })
    await db.file.update({ where: { id }, data: { keptUntil: new Date("2201-01-01") } })
    await move(pia, { fileIds: [id], to: team })
    const { keptUntil } = await db.file.findUniqueOrThrow({ where: { id } })
    const days = (Number(keptUntil) - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(7.9)
    expect(days).toBeLessThan(8.1)
  })

  it("to and fro gives a file that goes no more days than the first time", async () => {
    const { pia, team } = await aPersonAndTeam()
    const other = await aTeam({ manager: pia })
    const value = { sharedDays: null, receivedDays: null, unsharedDays: 30, keepDays: 0 }
    await db.setting.create({
      data: { name: "retention", value, changedById: pia, changedAt: new Date("2026-01-01") },
    })
    const { id } = await aFile({ owner: pia })
    await db.$executeRaw`UPDATE file SET created_at = now() - interval '28 days',
      ready_at = now() - interval '28 days'`
    /** A day goes by. Returns in how many days the file goes. */
    const nextDay = async () => {
      await db.$executeRaw`UPDATE file SET created_at = created_at - interval '1 day',
        ready_at = ready_at - interval '1 day', kept_until = kept_until - interval '1 day',
        told_until = told_until - interval '1 day'`
      const [file] = await db.$queryRaw<{ days: number }[]>`
        SELECT extract(epoch FROM ${deletesAt()} - now())::float8 / 86400 AS days FROM file`
      return Math.round(file?.days ?? Number.NaN)
    }
    const days = [await nextDay()]
    const go = async (from: string | undefined, to: string) => {
      await move(pia, { fileIds: [id], to }, from)
      days.push(await nextDay())
    }
    await go(undefined, team)
    await go(team, "me")
    await go(undefined, team)
    await go(team, other)
    await go(other, "me")
    await go(undefined, other)
    expect(days).toEqual([1, 7, 6, 5, 7, 6, 5])
    // It left the rule for a while: whoever gets it then has not been told of the new time.
    await db.$executeRaw`UPDATE file SET ready_at = now() - interval '23 days', kept_until = NULL`
    await go(other, team)
    expect(days.at(-1)).toBe(7)
  })

  it("beside shares that are made of the same file leaves none with a file of another owner", async () => {
    const { pia, team } = await aPersonAndTeam()
    for (let n = 0; n < 5; n++) {
      const { id } = await aFile({ owner: pia })
      const share = () => callApi("POST /shares", { as: pia, body: { fileIds: [id] } })
      const statuses = await Promise.all([
        share().then(({ status }) => status),
        move(pia, { fileIds: [id], to: team }).then(({ status }) => status),
        share().then(({ status }) => status),
      ])
      expect(statuses.every((status) => [200, 201, 404, 409].includes(status))).toBe(true)
    }
    const mixed = await db.$queryRaw`
      SELECT FROM share_file JOIN file ON file.id = file_id JOIN share ON share.id = share_id
      WHERE file.owner_id <> share.owner_id`
    expect(mixed).toEqual([])
  })

  it("beside the removal of the person moves before it or not at all", async () => {
    for (let n = 0; n < 5; n++) {
      const { pia, team } = await aPersonAndTeam()
      const manager = await aMember()
      await db.teamMember.create({ data: { teamId: team, memberId: manager, manager: true } })
      const { id } = await aFile({ owner: team })
      const removal = callApi("DELETE /teams/{id}/members/{memberId}", {
        ...{ as: manager, id: `${team} ${pia}` },
      })
      const [moved, removed] = await Promise.all([
        move(pia, { fileIds: [id], to: "me" }, team),
        removal,
      ])
      expect(removed.status).toBe(204)
      expect(await ownersOf(id)).toEqual([moved.status === 200 ? pia : team])
      expect((await move(pia, { fileIds: [id], to: team })).status).toBe(404)
    }
  })
})

describe("a leaver's files and shares", () => {
  it("go to a team, which is among the new owners", async () => {
    const admin = await anAdmin()
    for (const at of ["PATCH /admin/users/{id}", "DELETE /admin/users/{id}"]) {
      const [leaver, team] = [await aMember(), await aTeam({ manager: await aMember() })]
      const file = await aFile({ owner: leaver })
      const share = await aShare({ owner: leaver, fileIds: [file.id] })
      const listed = await callApi("GET /admin/users/{id}/new-owners", { as: admin, id: leaver })
      expect((await listed.json()).items).toContainEqual({
        id: team,
        name: "Accounting",
        email: null,
      })
      const how = at.startsWith("PATCH")
        ? { disabled: true, links: "transfer" }
        : { files: "transfer" }
      const answer = await callApi(at, {
        as: admin,
        id: leaver,
        body: { ...how, transferTo: team },
      })
      expect(answer.status).toBe(200)
      expect(await ownersOf(share.id, file.id)).toEqual([team])
      expect(await usedBy(team)).toBe(file.size)
    }
  })
})
