import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { db, type Prisma } from "#lib/adapters/database.ts"
import type { OwnerId } from "#lib/rooms/accounts/member.ts"
import { endLegalHold, setLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { reconcile } from "#lib/rooms/files/objects/reconcile.ts"
import { transferOwnership } from "#lib/rooms/shares/bulk/transfer-ownership.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { restoreShares } from "#lib/rooms/shares/revoke/restore-share.ts"
import { aStore, BUCKET, KEYS } from "#packages/local-s3/testing.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aGuest, aRequest, sentBy } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aTeam } from "#testing/builders/a-team.ts"
import { acting } from "#testing/builders/acting.ts"
import { mailBy, withoutMail } from "#testing/mail/with-mail.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import { continueNight } from "./continue-night.ts"
import { countLapsing } from "./count-lapsing.ts"
import { lapseFiles } from "./lapse-files.ts"
import { readNight } from "./night.ts"

const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS)
const NEVER = new Date("2201-01-01T00:00:00Z")
const right = async () => true
const run = (given = {}) => lapseFiles({ doClocksAgree: right, rest: 0, ...given })

async function setRule() {
  const value = { sharedDays: 30, receivedDays: 30, unsharedDays: 30, keepDays: null }
  const row = { value, changedById: randomUUID(), changedAt: ago(100) }
  await db.setting.create({ data: { name: "retention", ...row } })
}

/** A file of a share that was revoked so long ago that the file is due. */
async function aDueFile() {
  const owner = await aMember()
  const { id } = await aFile({ owner })
  const share = await aShare({ owner, fileIds: [id] })
  await db.share.update({ where: { id: share.id }, data: { revokedAt: ago(40) } })
  await endUploadUrls()
  return { owner, id, shareId: share.id }
}

const isThere = async (id: string) =>
  (await db.file.findUniqueOrThrow({ where: { id } })).deletedAt === null

/** Rows of files that were never shared and arrived `days` ago. */
async function manyFiles(count: number, days: number) {
  const owner = await aMember()
  await db.$executeRaw`
    INSERT INTO file (id, owner_id, name, size, content_type, created_at)
    SELECT gen_random_uuid(), ${owner}::uuid, 'a.txt', 5, 'text/plain', ${ago(days)}::timestamptz
    FROM generate_series(1, ${count}::int)`
  await db.$executeRaw`
    INSERT INTO object (key, file_id, state, put_expires_at, live_since)
    SELECT 'o/' || replace(id::text, '-', ''), id, 'live', created_at, created_at FROM file
    WHERE owner_id = ${owner}::uuid`
  await db.$executeRaw`
    UPDATE file SET status = 'ready', ready_at = created_at, object_key = 'o/' || replace(id::text, '-', '')
    WHERE owner_id = ${owner}::uuid`
  await db.member.update({ where: { id: owner }, data: { usedBytes: 5 * count } })
  return owner
}

const setInstallation = (data: Prisma.InstallationUpdateInput & Prisma.InstallationCreateInput) =>
  db.installation.upsert({ where: { id: 1 }, create: data, update: data })

const expecting = (next: number) => {
  const nothing = { due: 0, bytes: 0, deleted: 0, left: 0, soon: 0, soonBytes: 0, waits: null }
  return { ...nothing, at: ago(1).toISOString(), next, pause: null, isContinued: false }
}

const countThere = (ownerId: string) => db.file.count({ where: { ownerId, deletedAt: null } })

beforeEach(() =>
  setInstallation({
    restoredAt: null,
    retentionNight: expecting(0),
    retentionMailedAt: ago(1),
  }),
)

describe("a night", () => {
  it("deletes what is due by the deletion that exists: audit, quota and bucket", async () => {
    await setRule()
    const { owner, id } = await aDueFile()
    const young = await aFile({ owner })
    expect(await run()).toMatchObject({ due: 1, deleted: 1, left: 0, waits: null })
    expect([await isThere(id), await isThere(young.id)]).toEqual([false, true])
    const entry = await db.auditEntry.findFirstOrThrow({ where: { action: "file.lapse" } })
    expect(entry).toMatchObject({ actorId: null, targetId: id })
    await endUploadUrls()
    await destroyDoomed()
    const { usedBytes } = await db.member.findUniqueOrThrow({ where: { id: owner } })
    expect(Number(usedBytes)).toBe(young.size)
    expect(await reconcile({ apply: false })).toMatchObject({ orphans: [], lost: [], overdue: [] })
    expect(await run()).toMatchObject({ due: 0, deleted: 0 })
  })

  it("does nothing without a rule", async () => {
    const { id } = await aDueFile()
    expect(await run()).toBeNull()
    expect(await isThere(id)).toBe(true)
  })

  it("does nothing by clocks that are a year ahead of the store's, or while the store is away", async () => {
    await setRule()
    const { id } = await aDueFile()
    const store = await aStore({ now: () => ago(365) })
    const inStore = { endpoint: store.url, bucket: BUCKET, keys: KEYS, signers: undefined }
    const night = () => withStorageConfiguration(inStore, () => lapseFiles({ rest: 0 }))
    expect(await night()).toMatchObject({ deleted: 0, waits: "clock" })
    await store.close()
    expect(await night()).toMatchObject({ deleted: 0, waits: "clock" })
    expect(await isThere(id)).toBe(true)
    expect(await lapseFiles({ rest: 0 })).toMatchObject({ deleted: 1, waits: null })
  })

  it.each<[string, (of: Awaited<ReturnType<typeof aDueFile>>) => Promise<unknown>]>([
    ["a new share", ({ owner, id }) => createShare(acting(owner), { fileIds: [id] })],
    ["a restore", ({ owner, shareId }) => restoreShares(acting(owner), [shareId], "share")],
    [
      "an extension",
      ({ owner, shareId }) =>
        editShare(acting(owner), shareId, { expiresAt: new Date(Date.now() + DAY_MS) }),
    ],
  ])("that races %s never deletes a file that a link opens", async (how, act) => {
    await setRule()
    for (let round = 0; round < 4; round++) {
      const due = await aDueFile()
      if (how === "an extension") {
        const data = { revokedAt: null, expiresAt: ago(40) }
        await db.share.update({ where: { id: due.shareId }, data })
      }
      const [acted] = await Promise.all([
        act(due).then(
          () => true,
          () => false,
        ),
        run(),
        run(),
      ])
      const open = await db.share.count({
        where: {
          revokedAt: null,
          OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
          files: { some: { fileId: due.id } },
          owner: { id: due.owner },
        },
      })
      // A restore or an extension of a share whose file went just before changes a share without it.
      if (acted && how === "a new share") expect(await isThere(due.id)).toBe(true)
      if (await isThere(due.id)) expect(acted).toBe(true)
      else if (open > 0) {
        const [order] = await db.$queryRaw<{ first: string }[]>`
          SELECT action AS first FROM audit_entry
          WHERE target_id IN (${due.id}, ${due.shareId})
            AND action IN ('file.lapse', 'share.restore', 'share.edit')
          ORDER BY at LIMIT 1`
        expect(order?.first).toBe("file.lapse")
      }
    }
  })

  it("leaves what a legal hold keeps", async () => {
    await setRule()
    const { id, shareId } = await aDueFile()
    await setLegalHold(await anAdmin(), { of: "share", id: shareId, reason: "Case 1" })
    expect(await run()).toMatchObject({ due: 0 })
    expect(await isThere(id)).toBe(true)
  })

  it("that finds far more than expected waits for an admin, and then goes on", async () => {
    await setRule()
    const owner = await manyFiles(150, 50)
    expect(await run()).toMatchObject({ due: 150, deleted: 0, waits: "many" })
    expect(await run()).toMatchObject({ deleted: 0, waits: "many" })
    expect(await countThere(owner)).toBe(150)
    await continueNight(await anAdmin())
    expect(await run()).toMatchObject({ due: 150, deleted: 150, waits: null })
    expect(await countThere(owner)).toBe(0)
    expect(await reconcileQuota(owner)).toBe(0)
    await expect(continueNight(await anAdmin())).rejects.toBeRefusal("conflict")
  })

  it("that was expected does not wait", async () => {
    await setRule()
    const owner = await manyFiles(150, 29.5)
    expect(await run()).toMatchObject({ due: 0, next: 150, soon: 150 })
    const tomorrow = new Date(Date.now() + DAY_MS)
    expect(await run({ now: tomorrow })).toMatchObject({ due: 150, deleted: 150, waits: null })
    expect(await countThere(owner)).toBe(0)
  })

  it("deletes in the first 30 days of a rule what was counted before it was stored", async () => {
    const rule = { sharedDays: 30, receivedDays: 30, unsharedDays: 20, keepDays: null }
    for (const days of [1, 5, 9, 11, 19, 25, 90]) await manyFiles(days, days)
    for (const revokedAt of [ago(40), ago(2), null]) {
      const { id: shareId } = await aDueFile().then(({ shareId: id }) =>
        db.share.update({ where: { id }, data: { revokedAt } }),
      )
      if (revokedAt === null) continue
      const data = { legalHoldAt: ago(1), legalHoldFor: "Case 1" }
      await db.share.update({ where: { id: shareId }, data: revokedAt < ago(3) ? data : {} })
    }
    const counted = await countLapsing(rule)
    expect(counted.count).toBe(9 + 11 + 19 + 25 + 90 + 1 + 5 + 1)
    await db.setting.create({
      data: { name: "retention", value: rule, changedById: randomUUID(), changedAt: new Date() },
    })
    const in30Days = new Date(Date.now() + 30 * DAY_MS)
    await setInstallation({ retentionMailedAt: ago(-25) })
    const { due, bytes } = (await run({ now: in30Days })) ?? {}
    expect({ due, bytes }).toEqual({ due: counted.count, bytes: counted.bytes })
    expect(counted.isAll).toBe(true)
    await manyFiles(1_000, 90)
    expect(await countLapsing(rule, 0)).toMatchObject({ isAll: false })
  })

  it("after days without one deletes what a mail named in time, however much that is", async () => {
    await setRule()
    mailBy(9)
    const owner = await manyFiles(150, 27)
    await setInstallation({ retentionMailedAt: null })
    expect(await run()).toMatchObject({ due: 0, next: 0, soon: 150 })
    const later = new Date(Date.now() + 5 * DAY_MS)
    expect(await run({ now: later })).toMatchObject({ due: 150, deleted: 150, waits: null })
    expect(await countThere(owner)).toBe(0)
    withoutMail()
  })

  it("that is hours late mails first what became due since the week of the last mail", async () => {
    await setRule()
    mailBy(9)
    const owner = await manyFiles(3, 30.1)
    const team = await aTeam({ slug: "sales", people: [owner, await aMember()] })
    await db.file.updateMany({
      where: { ownerId: await manyFiles(1, 30.1) },
      data: { ownerId: team },
    })
    await db.member.update({ where: { id: team }, data: { usedBytes: 5 } })
    await setInstallation({ retentionMailedAt: ago(7.2) })
    expect(await run()).toMatchObject({ due: 0, soon: 4, deleted: 0 })
    const mails = await db.mail.findMany({ where: { kind: "lapsing" } })
    const teamOf = ({ values }: (typeof mails)[number]) =>
      (values as { team?: { slug: string } }).team
    expect(mails.map((mail) => teamOf(mail)?.slug ?? null).sort()).toEqual([null, "sales", "sales"])
    expect(await run({ now: new Date(Date.now() + DAY_MS) })).toMatchObject({ deleted: 4 })
    expect(await countThere(owner)).toBe(0)
    withoutMail()
  })

  it("deletes nothing by a clock that is a year ahead", async () => {
    await setRule()
    const owner = await manyFiles(150, 1)
    await run()
    const aYearAhead = new Date(Date.now() + 365 * DAY_MS)
    expect(await run({ now: aYearAhead, doClocksAgree: async () => false })).toMatchObject({
      waits: "clock",
    })
    expect(await run({ now: aYearAhead })).toMatchObject({ deleted: 0, waits: "gap" })
    expect(await countThere(owner)).toBe(150)
  })

  it("waits after a restore, for seven days or an admin", async () => {
    await setRule()
    const { id } = await aDueFile()
    await setInstallation({ restoredAt: ago(1) })
    expect(await run()).toMatchObject({ deleted: 0, waits: "restored" })
    expect(await run({ now: new Date(Date.now() + 5 * DAY_MS) })).toMatchObject({ deleted: 0 })
    await continueNight(await anAdmin())
    expect(await run()).toMatchObject({ deleted: 1, waits: null })
    expect(await isThere(id)).toBe(false)

    const other = await aDueFile()
    await setInstallation({ restoredAt: ago(7.1) })
    await run()
    expect(await isThere(other.id)).toBe(false)
  })

  it("that waited after a restore goes on by one Continue, however many files are due", async () => {
    await setRule()
    const owner = await manyFiles(150, 50)
    await setInstallation({ restoredAt: ago(0.5), retentionNight: expecting(10) })
    expect(await run()).toMatchObject({ due: 150, deleted: 0, waits: "restored" })
    await continueNight(await anAdmin())
    expect(await run()).toMatchObject({ due: 150, deleted: 150, waits: null })
    expect(await countThere(owner)).toBe(0)
  })

  it("after days without one, or by clocks that were set a year ahead together, waits a week or for Continue", async () => {
    await setRule()
    const { owner, id } = await aDueFile()
    const other = await aFile({ owner })
    mailBy(9)
    const aYearAhead = Date.now() + 365 * DAY_MS
    const inDays = (days: number) => ({ now: new Date(aYearAhead + days * DAY_MS) })
    await run(inDays(0))
    expect(await run(inDays(6.9))).toMatchObject({ due: 2, deleted: 0, waits: "gap" })
    // The clocks are right again.
    expect(await run()).toMatchObject({ due: 1, deleted: 0, waits: "gap" })
    const { email } = await db.member.findUniqueOrThrow({ where: { id: owner } })
    expect(await db.mail.count({ where: { kind: "lapsing", toAddress: email } })).toBe(2)
    await continueNight(await anAdmin())
    expect(await run()).toMatchObject({ due: 1, deleted: 1, waits: null })
    expect([await isThere(id), await isThere(other.id)]).toEqual([false, true])

    for (const day of [0, 2, 4, 6]) expect(await run(inDays(day))).toMatchObject({ waits: "gap" })
    expect(await run(inDays(7))).toMatchObject({ deleted: 1, waits: null })
    withoutMail()
  })

  it("mails what goes in eight days, but not what owners chose to lose sooner than by the rule", async () => {
    await setRule()
    mailBy(9)
    const { id: shareId, ownerId, publicId } = await aRequest()
    const guest = await aGuest(publicId)
    const file = await sentBy(guest)
    const [data, where] = [{ readyAt: ago(24), createdAt: ago(24) }, { id: file.id }]
    await db.file.update({ where, data })
    await db.delivery.updateMany({ data: { startedAt: ago(24), doneAt: ago(24) } })
    const named = async (days: number | null) => {
      const deleteDaysSince = days === null ? null : ago(90)
      await db.request.update({ where: { shareId }, data: { deleteDays: days, deleteDaysSince } })
      await setInstallation({ retentionMailedAt: null })
      await db.mail.deleteMany()
      await run()
      return db.mail.count({ where: { kind: "lapsing" } })
    }
    expect(await named(null)).toBe(1)
    expect(await named(25)).toBe(0)
    expect(await named(30)).toBe(1)
    expect(await named(90)).toBe(1)
    await db.file.update({ where, data: { keptUntil: new Date(Date.now() + 3 * DAY_MS) } })
    expect(await named(25)).toBe(1)
    await db.file.update({ where, data: { keptUntil: null } })
    await aShare({ owner: ownerId, fileIds: [file.id], expiresAt: new Date(Date.now() + 9e8) })
    await db.share.updateMany({ where: { kind: "share" }, data: { expiresAt: ago(24) } })
    expect(await named(25)).toBe(1)
    withoutMail()
  })

  it.each<[string, (id: string, owner: OwnerId) => Promise<unknown>]>([
    [
      "the end of a legal hold",
      async (_, owner) => {
        const admin = await anAdmin()
        await setLegalHold(admin, { of: "member", id: owner, reason: "Case 1" })
        await endLegalHold(admin, owner)
      },
    ],
    [
      "a transfer",
      async (id, from) => {
        await db.file.update({ where: { id }, data: { keptUntil: NEVER } })
        await db.member.update({ where: { id: from }, data: { disabledAt: new Date() } })
        await transferOwnership(await anAdmin(), { from, to: await aMember() })
      },
    ],
  ])("leaves what %s gives back to the rule until its owner was mailed", async (_how, act) => {
    await setRule()
    mailBy(9)
    const { id, owner } = await aDueFile()
    await act(id, owner)
    await setInstallation({ retentionMailedAt: null })
    const inDays = (days: number) => new Date(Date.now() + days * DAY_MS)
    for (const days of [0, 2, 4, 6, 7.5]) {
      expect(await run({ now: inDays(days) })).toMatchObject({ due: 0, soon: 1 })
      expect(await db.mail.count({ where: { kind: "lapsing" } })).toBe(days < 7 ? 1 : 2)
    }
    expect(await run({ now: inDays(8.1) })).toMatchObject({ deleted: 1 })
    expect(await isThere(id)).toBe(false)
    withoutMail()
  })

  it("that ends while it looks for files runs again at the next start", async () => {
    await setRule()
    const { id } = await aDueFile()
    expect(await run({ signal: AbortSignal.abort() })).toBeNull()
    expect(await isThere(id)).toBe(true)
    const jobs = await db.$queryRaw<{ key: string }[]>`
      SELECT key FROM graphile_worker.jobs WHERE task_identifier = 'lapseFiles'`
    expect(jobs).toEqual([{ key: "lapseFiles" }])
  })

  it("that ends early leaves the rest to the next, which does not wait", async () => {
    await setRule()
    const owner = await manyFiles(600, 50)
    const killed = new AbortController()
    await setInstallation({ retentionNight: expecting(600) })
    const first = run({ signal: killed.signal })
    while ((await countThere(owner)) > 550) await new Promise((after) => setTimeout(after, 5))
    killed.abort()
    const night = await first
    expect(night?.left).toBeGreaterThan(0)
    expect(await countThere(owner)).toBe(night?.left)
    expect(await reconcileQuota(owner)).toBe(0)
    expect(await run()).toMatchObject({ due: night?.left, deleted: night?.left, left: 0 })
    expect((await readNight())?.left).toBe(0)
    expect(await reconcileQuota(owner)).toBe(0)
  })
})

/** The bytes by which the owner's count differs from the files that are there. */
async function reconcileQuota(owner: string) {
  const { usedBytes } = await db.member.findUniqueOrThrow({ where: { id: owner } })
  const { _sum } = await db.file.aggregate({
    where: { ownerId: owner, OR: [{ deletedAt: null }, { countedUntil: { not: null } }] },
    _sum: { size: true },
  })
  return Number(usedBytes) - Number(_sum.size ?? 0)
}
