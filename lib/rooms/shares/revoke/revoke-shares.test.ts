import { describe, expect, it, vi } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { db, longDb, pool, poolSizes } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import { readOverview } from "#lib/rooms/admin/overview.ts"
import { settleExposure } from "#lib/rooms/shares/exposure.ts"
import { raiseLifetimes } from "#lib/rooms/shares/raise-lifetimes.ts"
import type { RevokeSharesInput } from "#lib/rooms/shares/share.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { aRequest } from "#testing/builders/a-request.ts"
import { aShare } from "#testing/builders/a-share.ts"
import { aSharedFile } from "#testing/builders/shared-file.ts"
import { untilOneWaits } from "#testing/database/until-one-waits.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { inDays } from "#testing/units.ts"
import { findRevocation } from "./find-revocation.ts"
import { numberToConfirm } from "./number-to-confirm.ts"
import { restoreShareAsAdmin } from "./restore-share.ts"
import { revokeShare } from "./revoke-share.ts"
import { previewRevocation, revokeShares } from "./revoke-shares.ts"

/** Their order in the table is the reverse of the order of their ids. */
const manyShares = (owner: PersonId, count: number) => db.$executeRaw`
  INSERT INTO share (id, owner_id, max_ttl_seconds)
  SELECT lpad((20000 - n)::text, 32, '0')::uuid, ${owner}::uuid, 15 FROM generate_series(1, ${count}::int) n`

/** The audit entries of revokes and restores, the oldest first. */
const entries = () =>
  db.auditEntry.findMany({
    where: { action: { in: ["share.revoke", "share.restore"] } },
    orderBy: { at: "asc" },
  })

const untilDone = (timeout = 30_000) =>
  vi.waitFor(async () => expect(await db.bulkChange.count({ where: { doneAt: null } })).toBe(0), {
    timeout,
  })

const revoked = (client = db) => client.share.count({ where: { revokedAt: { not: null } } })

describe("revokeShares", () => {
  it("is confirmed by the number of open shares, and says how many are over or were revoked by their owners", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    await aShare({ owner })
    await aShare({ owner, startsAt: inDays(1), expiresAt: inDays(2) })
    await aShare({ owner, aged: { expiresAt: inDays(-1) } })
    const ended = await aShare({ owner })
    await revokeShare(owner, ended.id)
    const named = { ownerId: owner }

    const counted = await revokeShares(admin, { ...named, dryRun: true })
    expect(counted).toMatchObject({ count: 4, open: 2, revokedByOwner: 1, alreadyRevoked: 0 })
    expect(numberToConfirm(counted)).toBe(2)
    const wrong = revokeShares(admin, { ...named, confirm: 3 })
    await expect(wrong).rejects.toBeRefusal("conflict")
    // Programs confirm by `count`.
    expect(await revokeShares(admin, { ...named, confirm: 4 })).toMatchObject({ count: 4 })
    const over = await revokeShares(admin, { ...named, dryRun: true })
    expect(over).toMatchObject({ count: 0, open: 0, alreadyRevoked: 4 })
  })

  it("is previewed with open shares, as the overview counts them, scheduled ones and requests apart", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    await aShare({ owner })
    await aShare({ owner, startsAt: inDays(1), expiresAt: inDays(2) })
    await aShare({ owner, aged: { expiresAt: inDays(-1) } })
    await aRequest({ owner })

    const { open, opened } = await previewRevocation(admin, { all: true })
    expect(opened).toEqual({ shares: 1, scheduled: 1, requests: 1 })
    expect(open).toBe(3)
    expect((await readOverview(admin)).shares.open).toBe(opened.shares)
  })

  it("only counts on a dry run", async () => {
    const admin = await anAdmin()
    await aShare()
    await aShare()

    expect(await revokeShares(admin, { all: true, dryRun: true })).toMatchObject({
      dryRun: true,
      count: 2,
    })
    expect(await revoked()).toBe(0)
    expect(await entries()).toEqual([])
  })

  it("revokes the selected shares, one owner's, or all, and says until when URLs may work", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    const one = await aShare({ owner, aged: { minted: true } })
    await aShare({ owner })
    await aShare()

    const { exposedUntil, count } = await revokeShares(admin, { ids: [one.id] })
    expect(count).toBe(1)
    expect(Date.parse(exposedUntil ?? "")).toBeGreaterThan(Date.now() + 58_000)
    expect(await revokeShares(admin, { ownerId: owner })).toMatchObject({
      count: 1,
      alreadyRevoked: 1,
      exposedUntil: null,
    })
    expect(await revokeShares(admin, { all: true })).toMatchObject({ count: 1, alreadyRevoked: 2 })
    expect(await revoked()).toBe(3)
  })

  it("answers with the current state when a concurrent call revokes the same shares", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    for (let n = 0; n < 8; n++) await aShare({ owner, aged: { minted: true } })
    const first = await pool().connect()
    await first.query("BEGIN")
    await first.query("SELECT FROM share FOR NO KEY UPDATE")

    const second = revokeShares(admin, { ownerId: owner })
    await untilOneWaits()
    await first.query(`UPDATE share SET revoked_at = clock_timestamp(), revoked_by_admin = true,
      exposed_until = clock_timestamp() + interval '50 seconds'`)
    await first.query("COMMIT")
    first.release()

    const { count, alreadyRevoked, exposedUntil } = await second
    expect({ count, alreadyRevoked }).toEqual({ count: 0, alreadyRevoked: 8 })
    expect(Date.parse(exposedUntil ?? "")).toBeGreaterThan(Date.now() + 40_000)
  })

  it("revokes even if nothing can be counted, before or after, and claims no URL ended", async () => {
    const [admin, owner] = [await anAdmin(), await aMember()]
    const [counted, uncounted] = [await aShare({ owner }), await aShare({ owner })]
    const warned = vi.spyOn(log, "warn").mockReturnValue(undefined)
    const locking = await pool().connect()
    await locking.query("BEGIN")
    await locking.query("SELECT FROM share WHERE id = $1 FOR NO KEY UPDATE", [counted.id])

    const one = revokeShares(admin, { ids: [counted.id], confirm: 1 })
    await untilOneWaits()
    const sleep = () => longDb.$queryRaw`SELECT FROM pg_sleep(6)`
    const busy = Promise.allSettled(Array.from({ length: poolSizes(1).long }, sleep))
    await vi.waitFor(async () => {
      const sleeping = `SELECT FROM pg_stat_activity
        WHERE wait_event = 'PgSleep' AND datname = current_database()`
      expect((await pool().query(sleeping)).rowCount).toBe(poolSizes(1).long)
    }, 10_000)
    const other = revokeShares(admin, { ids: [uncounted.id] })
    const unconfirmed = revokeShares(admin, { ids: [uncounted.id], confirm: 1 })
    const refused = expect(unconfirmed).rejects.toThrow()
    await locking.query("COMMIT")
    locking.release()
    await refused

    for (const { state, count, exposedUntil } of await Promise.all([one, other])) {
      expect({ state, count }).toEqual({ state: "done", count: 1 })
      expect(Date.parse(exposedUntil ?? "")).toBeGreaterThan(Date.now() + 300_000)
    }
    expect(await revoked()).toBe(2)
    expect(warned).toHaveBeenCalledTimes(2)
    warned.mockRestore()
    await busy
  })

  it("counts every share once in the answers of many at the same time", async () => {
    const admin = await anAdmin()
    const owner = await aMember()
    await manyShares(owner, 900)

    const answers = await Promise.all(
      Array.from({ length: 4 }, () => revokeShares(admin, { ownerId: owner })),
    )

    expect(answers.reduce((sum, { count }) => sum + count, 0)).toBe(900)
    for (const { count, alreadyRevoked } of answers) expect(count + alreadyRevoked).toBe(900)
  })

  it("writes who, what and why into the audit log with the change", async () => {
    const admin = await anAdmin()
    const share = await aShare({ title: "Plans" })

    await revokeShares(admin, { ids: [share.id], reason: "Leaked" })
    await revokeShares(admin, { ids: [share.id], reason: "Again" })
    await restoreShareAsAdmin(admin, share.id)

    expect(await entries()).toMatchObject([
      {
        actorId: admin,
        action: "share.revoke",
        targetId: share.id,
        details: { title: "Plans", reason: "Leaked" },
      },
      { action: "share.restore", targetId: share.id },
    ])
  })

  it("ends nothing if the current number is not confirmed", async () => {
    const admin = await anAdmin()
    await aShare()
    const refused = revokeShares(admin, { all: true, cutOff: true, confirm: 2 })

    await expect(refused).rejects.toBeRefusal("conflict", {
      field: "confirm",
      message: expect.stringContaining("changed to 1."),
    })
    expect(await revoked()).toBe(0)
    expect(await db.cutOff.count()).toBe(0)
    expect(await entries()).toEqual([])
  })

  it("leaves the exposure of an owner's own revoke as it was", async () => {
    const admin = await anAdmin()
    const { id, ownerId } = await aShare({ aged: { minted: true } })
    const { exposedUntil } = await revokeShare(ownerId, id)

    expect((await revokeShares(admin, { ids: [id] })).exposedUntil).toBe(exposedUntil)
  })

  it("counts every share once when two admins revoke all simultaneously", async () => {
    const owner = await aMember()
    for (let n = 0; n < 30; n++) await aShare({ owner })
    const admins = await Promise.all([anAdmin(), anAdmin(), anAdmin()])

    const results = await Promise.all(admins.map((admin) => revokeShares(admin, { all: true })))

    expect(results.reduce((sum, { count }) => sum + count, 0)).toBe(30)
    const [act, ...parts] = await entries()
    expect(act).toMatchObject({ details: { shares: 30, all: true }, actId: null })
    expect(parts).toHaveLength(30)
  })

  it("revokes each of many thousands once, with entries in the audit log", async () => {
    const [owner, one, other] = [await aMember(), await anAdmin(), await anAdmin()]
    await manyShares(owner, 3_001)

    await Promise.all([revokeShares(one, { all: true }), revokeShares(other, { all: true })])

    const written = await db.bulkChange.aggregate({ _sum: { written: true } })
    expect(written._sum.written).toBe(3_001)
    expect(await revoked()).toBe(3_001)
    const audited = await entries()
    const shares = audited.filter(({ targetId }) => targetId !== null)
    expect(new Set(shares.map(({ targetId }) => targetId)).size).toBe(3_001)
    expect(shares).toHaveLength(3_001)
    // Each is a part of the act of its batch, except if a batch had one share.
    const acts = new Map(audited.filter(({ actId }) => !actId).map((act) => [act.id, act]))
    for (const { actId, actorId } of audited.filter(({ actId }) => actId))
      expect(acts.get(actId ?? "")?.actorId).toBe(actorId)
  })

  it.each([false, true])(
    "closes a first batch in the call, and the rest after it; then its reach is counted; cut off: %s",
    async (cutOff) => {
      const [owner, admin] = [await aMember(), await anAdmin()]
      await manyShares(owner, 2_500)
      const other = await aSharedFile()
      const { fileId } = await aSharedFile({ owner })
      await aSharedFile({ owner, fileId })
      await aShare({ owner: other.owner, fileIds: [other.fileId] })
      await other.click()
      const input = { createdAfter: new Date("2020-01-01"), cutOff, confirm: 2_504 }

      const { id, ...answer } = await revokeShares(admin, input, { inBackground: true })

      const progress = () => findRevocation(admin, id ?? "")
      expect(await revoked()).toBeGreaterThanOrEqual(1_000)
      expect(answer).toMatchObject({ state: "running", reach: null, count: 2_504 })
      expect(Date.parse(answer.exposedUntil ?? "")).toBeGreaterThan(Date.now())
      expect(await progress()).toMatchObject({ shares: 2_504, reach: null, cutOff })
      await untilDone()
      const isDone = async () => expect(await progress()).toMatchObject({ state: "done" })
      await vi.waitFor(isDone, { timeout: 20_000 })
      expect(await revoked()).toBe(2_504)
      expect(await progress()).toMatchObject({ sharesDone: 2_504, reach: null })
      await runJobs()
      const reached = { shares: 2_504, files: 2, exposedShares: 1, exposedFiles: 1 }
      expect(await progress()).toMatchObject({ reach: { ...reached, filesElsewhere: 0 } })
    },
  )

  it("closes more than 10,000 before it counts them, confirmed by any number above, and says how many it closed", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    await manyShares(owner, 10_002)
    const low = revokeShares(admin, { all: true, confirm: 10_000 }, { inBackground: true })
    await expect(low).rejects.toBeRefusal("conflict", { field: "confirm" })

    const wanted = { all: true, confirm: 12_345 } as const
    const answer = await revokeShares(admin, wanted, { inBackground: true })

    expect(answer).toMatchObject({ state: "running", count: 12_345, open: 0 })
    await untilDone()
    expect(await revoked()).toBe(10_002)
    const { id } = await db.bulkChange.findFirstOrThrow()
    const done = { state: "done", shares: 10_002, sharesDone: 10_002 }
    expect(await findRevocation(admin, id)).toMatchObject(done)
  })

  it("writes at most a quarter of a page of shares in one transaction, as a page has room for, and no index", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    await manyShares(owner, 6_000)
    await db.$executeRaw`CREATE TABLE page AS SELECT id, (ctid::text::point)[0] AS number FROM share`

    await revokeShares(admin, { all: true })

    // The first batch is written at once. A version's xmin is the transaction that wrote it.
    const [written] = await db.$queryRaw<[{ most: number; whole: number }]>`
      WITH part AS (
        SELECT count(*)::int AS rows, max(of_page) AS of_page FROM share
        JOIN (SELECT *, count(*) OVER (PARTITION BY number)::int AS of_page FROM page) AS page USING (id)
        WHERE id > lpad('14999', 32, '0')::uuid
        GROUP BY share.xmin::text, number)
      SELECT max(rows) AS most, max(of_page) AS whole FROM part`
    await db.$executeRaw`DROP TABLE page`
    expect(written.most).toBeLessThanOrEqual(Math.ceil(written.whole / 4))
    // A summary of pages (BRIN) is not written for each row.
    const indexes = await db.$queryRaw`
      SELECT DISTINCT i.relname AS index, attname AS column FROM pg_depend
      JOIN pg_class i ON i.oid = objid AND i.relkind = 'i'
      JOIN pg_am am ON am.oid = i.relam AND am.amname <> 'brin'
      JOIN pg_attribute a ON attrelid = refobjid AND attnum = refobjsubid
      WHERE refobjid = 'share'::regclass AND attname IN ('revoked_at', 'revoked_by_id', 'revoked_by_admin',
        'revoke_reason', 'ticket_epoch', 'epoch_before_revoke', 'cut_off_id', 'exposed_until', 'minted')`
    expect(indexes).toEqual([])
  })

  it("is done even if its reach cannot be counted", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    await manyShares(owner, 1_000)
    const { id } = await revokeShares(admin, { all: true }, { inBackground: true })
    await untilDone()
    const warned = vi.spyOn(log, "warn").mockReturnValue(undefined)
    await db.$executeRaw`ALTER TABLE share_file RENAME TO hidden`
    await runJobs()
    await db.$executeRaw`ALTER TABLE hidden RENAME TO share_file`

    expect(warned).toHaveBeenCalledOnce()
    warned.mockRestore()
    expect(await findRevocation(admin, id ?? "")).toMatchObject({ state: "done", reach: null })
    const more = { count: 0, alreadyRevoked: 1_000, exposed: 0 }
    expect(await revokeShares(admin, { all: true, dryRun: true })).toMatchObject(more)
  })

  it("never deadlocks with other statements that write many shares", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    await manyShares(owner, 1000)
    const ids = (await db.share.findMany({ select: { id: true } })).map(({ id }) => id)
    for (let round = 0; round < 5; round++) {
      await db.share.updateMany({
        data: { revokedByAdmin: false, exposedUntil: new Date(), maxTtlSeconds: 15 },
      })
      const [{ count }] = await Promise.all([
        revokeShares(admin, { all: true }),
        settleExposure(ids),
        raiseLifetimes(),
      ])
      expect(count).toBe(1000)
    }
  })
})

/** As many as the largest installation has; its revocation takes minutes. */
const MANY = 1_000_000

describe.runIf(process.env.HEAVY)("revokeShares of 1,000,000", () => {
  it("closes all of a file with their URLs, then all others, and counts what each reached", async () => {
    const [owner, admin] = [await aMember(), await anAdmin()]
    const [file, kept] = [await aReadyFile(owner), await aReadyFile(owner)]
    await seedShares(owner, [file, kept])
    await aShare({ owner, fileIds: [kept], aged: { createdAt: new Date("2026-01-01") } })
    const all = { createdAfter: new Date("2026-02-01") }
    const half = MANY / 2
    const reachOf = async (input: RevokeSharesInput, count: number) => {
      const dry = await revokeShares(admin, { ...input, dryRun: true })
      expect(dry).toMatchObject({ count, reach: null })
      const confirmed = { ...input, confirm: count }
      const call = await revokeShares(admin, confirmed, { inBackground: true })
      expect(call).toMatchObject({ state: "running", count })
      await untilDone(1_800_000)
      const view = () => findRevocation(admin, call.id ?? "")
      const isDone = async () => expect(await view()).toMatchObject({ state: "done" })
      await vi.waitFor(isDone, { timeout: 300_000, interval: 1_000 })
      await runJobs()
      return (await view()).reach
    }

    const ofFile = await reachOf({ fileId: file, cutOff: true }, half)
    expect(await revoked(longDb)).toBe(half)
    const exposed = { exposedShares: half / 10, exposedFiles: 1 }
    expect(ofFile).toEqual({ shares: half, files: 1, ...exposed, filesElsewhere: 0 })
    expect(await db.cutOffFile.findMany()).toMatchObject([{ fileId: file, how: "recoloured" }])

    const ofAll = await reachOf(all, half)
    expect(await revoked(longDb)).toBe(MANY)
    expect(ofAll).toMatchObject({ shares: MANY, files: 2, filesElsewhere: 1 })
  }, 3_600_000)
})

const aReadyFile = async (owner: PersonId) => (await aFile({ owner })).id

/**
 * Shares of which half contain one file, and half the other. Visitors click on a tenth of the first
 * half for so long that the last of these URLs are live when all shares are revoked.
 */
async function seedShares(owner: PersonId, [one, other]: [string, string]) {
  const client = new DbClient({ connectionString: configuration.DATABASE_URL })
  await client.connect()
  await client.query(
    `WITH numbered AS MATERIALIZED (
       SELECT n, gen_random_uuid() AS id FROM generate_series(1, $4::int) n
     ), made AS (
       INSERT INTO share (id, owner_id, max_ttl_seconds, minted)
       SELECT id, $1, 15, n % 20 = 0 FROM numbered
     ), clicked AS (
       INSERT INTO event (share_id, file_id, kind, at)
       SELECT id, $2, 'claim', clock_timestamp() + interval '1 hour' FROM numbered WHERE n % 20 = 0
     )
     INSERT INTO share_file (share_id, file_id, position)
     SELECT id, CASE n % 2 WHEN 0 THEN $2::uuid ELSE $3::uuid END, 0 FROM numbered`,
    [owner, one, other, MANY],
  )
  await client.query("ANALYZE share; ANALYZE share_file; ANALYZE event")
  await client.end()
}
