import { fork } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it, vi } from "vitest"
import { db, longDb } from "#lib/adapters/database.ts"
import { log } from "#lib/adapters/monitoring/log.ts"
import { addJob } from "#lib/adapters/queue.ts"
import type { AdminId, PersonId } from "#lib/rooms/accounts/member.ts"
import { withAddress } from "#lib/rooms/audit/origin.ts"
import { continueCutOff } from "#lib/rooms/cut-offs/run-cut-off.ts"
import { resumeBulkChanges } from "#lib/rooms/shares/bulk/bulk-change.ts"
import { listOpenChanges, listOwnOpenChanges } from "#lib/rooms/shares/bulk/open-changes.ts"
import { changeMemberAndLinks } from "#lib/rooms/shares/change-member-and-links.ts"
import { findRevocation, listRevocations } from "#lib/rooms/shares/revoke/find-revocation.ts"
import { restoreShare, restoreShareAsAdmin } from "#lib/rooms/shares/revoke/restore-share.ts"
import {
  continueRevokeOwnShares,
  revokeOwnShares,
} from "#lib/rooms/shares/revoke/revoke-own-shares.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import { continueRevokeShares, revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import { aMember, anAdmin } from "#testing/builders/a-member.ts"
import { acting } from "#testing/builders/acting.ts"
import { aSharedFile, statusOf } from "#testing/builders/shared-file.ts"
import { runJobs } from "#testing/run-jobs.ts"
import { inDays } from "#testing/units.ts"
import { TASKS } from "./tasks.ts"

const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`

/** Makes shares of one owner that never end, each with a link and an id derived from its number. */
const manyShares = (owner: PersonId, count: number, from = 1) => longDb.$executeRaw`
  WITH made AS (
    INSERT INTO share (id, owner_id, max_ttl_seconds)
    SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ${owner}::uuid, 15
    FROM generate_series(${from}::int, ${from + count - 1}::int) n
    RETURNING id
  )
  INSERT INTO link (id, share_id, public_id)
  SELECT gen_random_uuid(), id, substring(uuid_send(gen_random_uuid()) FOR 8) FROM made`

/**
 * Does something that fails at the share of this number, in the call or after it; earlier batches
 * stay committed.
 */
async function interruptedAt(n: number, work: () => Promise<unknown>) {
  const warned = vi.spyOn(log, "warn").mockReturnValue(undefined)
  await db.$executeRawUnsafe(`ALTER TABLE share ADD CONSTRAINT interrupted CHECK (
    id <> '${idOf(n)}' OR revoked_at IS NULL) NOT VALID`)
  await work().then(
    () => vi.waitFor(() => expect(warned).toHaveBeenCalled(), 10_000),
    () => {},
  )
  warned.mockRestore()
  await db.$executeRaw`ALTER TABLE share DROP CONSTRAINT interrupted`
}

const withoutBatchForSeconds = () =>
  db.$executeRaw`UPDATE bulk_change SET progressed_at = progressed_at - interval '6 seconds'`

type Case = { change: (limit: number) => Promise<unknown>; by: string }

const openShares = () => db.share.count({ where: { revokedAt: null } })

/** Each way to revoke ten shares of one owner in batches. */
const CASES: Record<string, () => Promise<Case>> = {
  "an admin's revocation": async () => {
    const [admin] = await adminAndShares()
    return { change: (limit) => revokeShares(admin, { all: true }, { limit }), by: admin }
  },
  "an admin's revocation with a cut off": async () => {
    const [admin, owner] = await adminAndShares()
    const input = { ownerId: owner, cutOff: true }
    return { change: (limit) => revokeShares(admin, input, { limit }), by: admin }
  },
  "an owner's revocation": async () => {
    const [, owner] = await adminAndShares()
    const ids = Array.from({ length: 10 }, (_, n) => idOf(n + 1))
    return { change: (limit) => revokeOwnShares(owner, ids, { cutOff: true }, limit), by: owner }
  },
}

async function adminAndShares(): Promise<[AdminId, PersonId]> {
  const [admin, owner] = [await anAdmin(), await aMember()]
  await manyShares(owner, 10)
  return [admin, owner]
}

/** Expects every share once, each a part of an entry that counts its parts, all by one member. */
async function expectAudited(by: string, count: number) {
  const entries = await db.auditEntry.findMany({ where: { action: "share.revoke" } })
  const targets = entries.filter(({ targetId }) => targetId !== null)
  expect(new Set(targets.map(({ targetId }) => targetId)).size).toBe(count)
  expect(targets).toHaveLength(count)
  for (const act of entries.filter(({ targetId }) => targetId === null)) {
    const parts = targets.filter(({ actId }) => actId === act.id)
    expect(act.details).toMatchObject({ shares: parts.length })
  }
  expect(new Set(entries.map(({ actorId }) => actorId))).toEqual(new Set([by]))
  return new Set(entries.map(({ origin }) => origin))
}

describe.each(Object.entries(CASES))("%s that is interrupted between two batches", (_, aCase) => {
  it("says how far it is, and its job does the rest, each share once", async () => {
    const { change, by } = await aCase()
    const admin = await anAdmin()

    await interruptedAt(5, () => withAddress("192.0.2.1", () => change(4)))

    expect(await openShares()).toBe(6)
    const of = { total: 10, written: 4 }
    expect(await listOpenChanges(admin)).toMatchObject([{ ...of, interrupted: false }])
    await withoutBatchForSeconds()
    expect(await listOpenChanges(admin)).toMatchObject([{ ...of, interrupted: true }])

    await runJobs()

    expect(await openShares()).toBe(0)
    expect(await listOpenChanges(admin)).toEqual([])
    const origins = await expectAudited(by, 10)
    expect(origins.size).toBe(1)
    expect([...origins][0]).toMatch(/^#/)
    expect(await db.cutOff.count({ where: { doneAt: null } })).toBe(0)
  })

  it("is continued by several at once, and nothing is done twice", async () => {
    const { change, by } = await aCase()
    await interruptedAt(3, () => change(2))
    const { id, kind } = await db.bulkChange.findFirstOrThrow()
    const goOn = {
      revokeShares: continueRevokeShares,
      revokeOwnShares: continueRevokeOwnShares,
    }[kind]

    await Promise.all([goOn?.(id, 2), goOn?.(id, 2), goOn?.(id, 2), runJobs()])

    expect(await openShares()).toBe(0)
    await expectAudited(by, 10)
    const row = await db.bulkChange.findUniqueOrThrow({ where: { id } })
    expect(row).toMatchObject({ total: 10, written: 10, doneAt: expect.any(Date) })
  })
})

describe("a revocation that is interrupted", () => {
  it("is found by its id with what is done, and then as done", async () => {
    const [admin, owner] = await adminAndShares()
    const input = { ownerId: owner, reason: "Stolen" }
    await interruptedAt(5, () => revokeShares(admin, input, { limit: 4 }))
    await withoutBatchForSeconds()

    const [found] = await listRevocations(admin)

    expect(found).toMatchObject({ state: "running", interrupted: true, shares: 10, sharesDone: 4 })
    expect(found).toMatchObject({ cutOff: false, reason: "Stolen", doneAt: null })
    await runJobs()
    expect(await listRevocations(admin)).toEqual([])
    expect(await findRevocation(admin, found?.id ?? "")).toMatchObject({
      state: "done",
      interrupted: false,
      shares: 10,
      sharesDone: 10,
      exposedUntil: null,
    })
  })

  it("leaves out shares made meanwhile, and shares restored since by someone who may", async () => {
    const [admin, owner] = await adminAndShares()
    // One was revoked before by its owner, and one by an admin.
    await revokeShare(owner, idOf(7))
    await revokeShares(admin, { ids: [idOf(8)] })
    await revokeShare(owner, idOf(9))
    await interruptedAt(5, () => revokeShares(admin, { all: true }, { limit: 4 }))

    await restoreShareAsAdmin(admin, idOf(2))
    await restoreShare(acting(owner), idOf(7))
    await restoreShareAsAdmin(admin, idOf(8))
    await restoreShareAsAdmin(admin, idOf(9))
    const late = await db.share.create({
      data: { id: idOf(99), ownerId: owner, maxTtlSeconds: 15 },
      select: { id: true },
    })
    await runJobs()

    const open = await db.share.findMany({ where: { revokedAt: null }, orderBy: { id: "asc" } })
    expect(open.map(({ id }) => id)).toEqual([idOf(2), idOf(8), idOf(9), late.id])
  })

  it("leaves open what its owner restored since", async () => {
    const [, owner] = await adminAndShares()
    const ids = Array.from({ length: 10 }, (_, n) => idOf(n + 1))
    await revokeShare(owner, idOf(8))
    await interruptedAt(5, () => revokeOwnShares(owner, ids, {}, 4))
    expect(await listOwnOpenChanges(owner)).toMatchObject([{ total: 9, written: 4 }])
    expect(await listOwnOpenChanges(await aMember())).toEqual([])
    await restoreShare(acting(owner), idOf(2))
    await restoreShare(acting(owner), idOf(8))

    await runJobs()

    const open = await db.share.findMany({ where: { revokedAt: null }, orderBy: { id: "asc" } })
    expect(open.map(({ id }) => id)).toEqual([idOf(2), idOf(8)])
  })

  it("includes shares whose creation time is in the future, as a clock set back leaves them", async () => {
    const [admin] = await adminAndShares()
    await db.$executeRaw`UPDATE share SET created_at = clock_timestamp() + interval '1 hour'`

    await interruptedAt(5, () => revokeShares(admin, { all: true }, { limit: 4 }))
    await runJobs()

    expect(await openShares()).toBe(0)
  })

  it("starts its cut off when all shares are added, not before, and waits for no lease", async () => {
    const admin = await anAdmin()
    const shared = await aSharedFile()
    const kept = await shared.click()
    await manyShares(shared.owner, 10)
    const wanted = { all: true, cutOff: true } as const
    await interruptedAt(5, () => revokeShares(admin, wanted, { limit: 4 }))
    const { id } = await db.cutOff.findFirstOrThrow()

    await continueCutOff(id)
    expect(await findRevocation(admin, id)).toMatchObject({
      state: "running",
      cutOff: true,
      shares: 11,
      sharesDone: 4,
    })
    await runJobs()

    expect(await findRevocation(admin, id)).toMatchObject({
      state: "done",
      shares: 11,
      sharesDone: 11,
      files: 1,
      filesDone: 1,
    })
    expect(await statusOf(kept)).toBe(403)
  })

  it("in the middle of a range of shares adds each of them once to its cut off", async () => {
    const [admin, owner] = await adminAndShares()
    await manyShares(owner, 2_990, 11)
    await interruptedAt(2_995, () => revokeShares(admin, { all: true, cutOff: true }))
    const [open] = await listOpenChanges(admin)
    expect(open).toMatchObject({ total: 3_000, written: 3_000 - (await openShares()) })
    // The first batch has 1,000, and some of the next were written in a turn before the failure.
    expect(open?.written).toBeGreaterThan(1_000)
    await restoreShareAsAdmin(admin, idOf(8))

    await Promise.all([continueRevokeShares(open?.id ?? ""), runJobs()])

    expect(await db.share.findMany({ where: { revokedAt: null } })).toMatchObject([{ id: idOf(8) }])
    await expectAudited(admin, 3_000)
    expect(await db.cutOffShare.count()).toBe(3_000)
    expect(await findRevocation(admin, open?.id ?? "")).toMatchObject({ state: "done" })
  })

  it("of a member who was disabled continues too", async () => {
    const [admin, owner] = await adminAndShares()
    await manyShares(owner, 1_001, 11)
    const wanted = { disabled: true, links: "revoke" } as const
    await interruptedAt(1_001, () => changeMemberAndLinks(admin, owner, wanted))
    expect(await openShares()).toBeGreaterThan(0)
    expect(await openShares()).toBeLessThanOrEqual(11)

    await runJobs()

    expect(await openShares()).toBe(0)
  })
})

describe("a shortening that the version before left unfinished", () => {
  const aShortening = async (admin: AdminId, batchAt: "now" | "1 day ago") => {
    const { id } = await db.bulkChange.create({
      data: {
        kind: "shortenShares",
        requestedById: admin,
        input: { endsAt: inDays(7) },
        madeUntil: new Date(),
        ...{ total: 10, written: 4, writtenTo: idOf(4), actIds: [] },
        ...(batchAt === "1 day ago" && { progressedAt: inDays(-1) }),
      },
    })
    return id
  }
  const untouched = () => db.share.count({ where: { expiresAt: null, revokedAt: null } })

  it("ends where it was interrupted, is shown nowhere, and no later sweep starts it again", async () => {
    const [admin] = await adminAndShares()
    const [soon, late] = [await aShortening(admin, "now"), await aShortening(admin, "1 day ago")]
    expect(await listOpenChanges(admin)).toEqual([])
    expect(await listRevocations(admin)).toEqual([])
    await expect(findRevocation(admin, soon)).rejects.toBeRefusal("not_found")

    const warned = vi.spyOn(log, "warn").mockReturnValue(undefined)
    await db.$transaction((tx) => addJob(tx, "shortenShares", { id: soon }, { key: soon }))
    await resumeBulkChanges()
    await runJobs()
    await TASKS.shortenShares({ id: soon })
    await resumeBulkChanges()

    expect(await db.$queryRaw`SELECT FROM graphile_worker._private_jobs`).toEqual([])
    const rows = await db.bulkChange.findMany({ where: { id: { in: [soon, late] } } })
    expect(rows).toMatchObject(Array(2).fill({ written: 4, doneAt: expect.any(Date) }))
    expect(warned.mock.calls).toEqual(
      Array(2).fill([{ written: 4, total: 10 }, "an interrupted shortening of shares was ended"]),
    )
    expect(await untouched()).toBe(10)
    expect(await db.auditEntry.count()).toBe(0)
  })

  it("ends no revocation", async () => {
    const [admin] = await adminAndShares()
    await interruptedAt(5, () => revokeShares(admin, { all: true }, { limit: 4 }))
    const { id } = await db.bulkChange.findFirstOrThrow()
    await TASKS.shortenShares({ id })
    expect(await listOpenChanges(admin)).toMatchObject([{ id, written: 4 }])
  })
})

const KILLED = ["plain", "cutOff", "own"] as const
const ROUNDS = 21

describe.runIf(process.env.HEAVY)("12,000 shares that a killed process was changing", () => {
  it.each(KILLED)("are all done or none, and until then it says how many: %s", async (kind) => {
    const root = path.join(import.meta.dirname, "../../..")
    const admin = await anAdmin()
    let longest = 2_000
    const seen: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      await db.$executeRaw`TRUNCATE share, bulk_change, cut_off, audit_entry CASCADE`
      const owner = await aMember()
      await manyShares(owner, 12_000)
      const by = kind === "own" ? owner : admin
      const child = fork(path.join(root, "testing/children/bulk-change-child.ts"), [kind, by], {
        execArgv: ["--import", path.join(root, "server/server-only.mjs")],
        env: process.env,
      })
      await once(child, "message")
      const began = performance.now()
      const ended = once(child, "exit")
      // The first round runs to its end, to measure how long that takes.
      if (round > 0) {
        await sleep(Math.random() * longest)
        child.kill("SIGKILL")
      }
      await ended
      if (round === 0) longest = performance.now() - began
      await expectTruth(admin, seen)
      // A killed process leaves its lease of the cut off, and a job waits until that ends.
      await db.cutOff.updateMany({ where: { doneAt: null }, data: { leasedUntil: null } })
      await runJobs()
      const left = await openShares()
      expect([0, 12_000]).toContain(left)
      expect(await listOpenChanges(admin)).toEqual([])
      if (left === 0) await expectAudited(by, 12_000)
    }
    // Some kills happened between two batches.
    expect(seen.some((written) => written > 0)).toBe(true)
  })
})

/**
 * Expects that no share is written, that all are, or that the row has the number of written shares.
 */
async function expectTruth(admin: AdminId, seen: number[]) {
  // The killed process's last statement may end after it.
  await expect
    .poll(
      () => db.$queryRaw`SELECT FROM pg_stat_activity WHERE state <> 'idle'
      AND datname = current_database() AND pid <> pg_backend_pid()`,
    )
    .toEqual([])
  const [change] = await listOpenChanges(admin)
  const left = await openShares()
  if (!change) return expect([0, 12_000]).toContain(left)
  expect(change).toMatchObject({ total: 12_000, written: 12_000 - left })
  seen.push(change.written)
}
