import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { db, Prisma } from "#lib/adapters/database.ts"
import { setLegalHold } from "#lib/rooms/admin/legal-holds.ts"
import { reconcile } from "#lib/rooms/files/objects/reconcile.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { restoreShares } from "#lib/rooms/shares/revoke/restore-share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { acting } from "#testing/builders/acting.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { continueNight } from "./continue-night.ts"
import { lapseFiles } from "./lapse-files.ts"
import { readNight } from "./night.ts"

const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS)
const right = async () => false
const run = (given = {}) => lapseFiles({ areClocksApart: right, rest: 0, ...given })

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
  return { ...nothing, at: ago(1).toISOString(), next }
}

const countThere = (ownerId: string) => db.file.count({ where: { ownerId, deletedAt: null } })

beforeEach(() =>
  setInstallation({
    restoredAt: null,
    retentionNight: Prisma.DbNull,
    retentionContinuedAt: null,
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

  it("deletes nothing by a clock that is a year ahead", async () => {
    await setRule()
    const owner = await manyFiles(150, 1)
    await run()
    const aYearAhead = new Date(Date.now() + 365 * DAY_MS)
    expect(await run({ now: aYearAhead, areClocksApart: async () => true })).toMatchObject({
      waits: "clock",
    })
    expect(await run({ now: aYearAhead })).toMatchObject({ deleted: 0, waits: "many" })
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
    await setInstallation({ restoredAt: ago(7.1), retentionContinuedAt: null })
    await run()
    expect(await isThere(other.id)).toBe(false)
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
