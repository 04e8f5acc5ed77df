import { fork } from "node:child_process"
import { randomUUID } from "node:crypto"
import { once } from "node:events"
import path from "node:path"
import { beforeAll, beforeEach, expect, it } from "vitest"
import { db } from "#lib/adapters/database.ts"
import { reconcile } from "#lib/rooms/files/objects/reconcile.ts"
import { BUCKET, KEYS } from "#packages/local-s3/testing.ts"
import { aFile } from "#testing/builders/a-file.ts"
import { aMember } from "#testing/builders/a-member.ts"
import { destroyDoomed, endUploadUrls } from "#testing/store/end-upload-urls.ts"
import { useOwnBucket } from "#testing/store/own-bucket.ts"
import { withStorageConfiguration } from "#testing/store/with-storage-settings.ts"
import { lapseFiles } from "./lapse-files.ts"
import { writeNight } from "./night.ts"

const DAY_MS = 86_400_000
const ago = (days: number) => new Date(Date.now() - days * DAY_MS)
/** More than one transaction deletes. */
const [DUE, YOUNG] = [120, 10]
const ROUNDS = process.env.HEAVY ? 40 : 3
const root = path.join(import.meta.dirname, "../../..")

/** Runs a night in another process, which is killed before a statement; null if it was. */
async function runKilled(statement?: number): Promise<number | null> {
  const args = statement === undefined ? [] : [String(statement)]
  const child = fork(path.join(root, "testing/children/lapse-child.ts"), args, {
    execArgv: ["--import", path.join(root, "server/server-only.mjs")],
    env: process.env,
  })
  let count: number | null = null
  child.on("message", (message: number) => {
    count = message
  })
  await once(child, "exit")
  return count
}

/** The bytes by which quotas differ from the files that count, after the killed process's last statement. */
async function quotaErrors() {
  await expect
    .poll(
      () => db.$queryRaw`SELECT FROM pg_stat_activity WHERE state <> 'idle'
        AND datname = current_database() AND pid <> pg_backend_pid()`,
    )
    .toEqual([])
  const rows = await db.$queryRaw<{ wrong: number }[]>`
    SELECT used_bytes::int - coalesce(sum(size), 0)::int AS wrong
    FROM member LEFT JOIN file ON owner_id = member.id
      AND (file.deleted_at IS NULL OR counted_until IS NOT NULL)
    GROUP BY member.id`
  return rows.map(({ wrong }) => wrong).filter((wrong) => wrong !== 0)
}

const countThere = () => db.file.count({ where: { deletedAt: null } })

beforeAll(useOwnBucket)

beforeEach(async () => {
  const value = { sharedDays: 30, receivedDays: 30, unsharedDays: 30, keepDays: null }
  const row = { value, changedById: randomUUID(), changedAt: ago(100) }
  await db.setting.create({ data: { name: "retention", ...row } })
  await writeNight({
    ...{ due: 0, bytes: 0, deleted: 0, left: 0, next: DUE, soon: 0, soonBytes: 0 },
    ...{ waits: null, pause: null, isContinued: false, at: ago(1).toISOString() },
  })
  await db.installation.updateMany({ data: { retentionMailedAt: ago(1), restoredAt: null } })
})

it("a night that is killed anywhere, with the store away for a day, leaves quota and bucket equal", async () => {
  const owner = await aMember()
  const young = new Set<string>()
  for (let n = 0; n < DUE + YOUNG; n++) {
    const { id } = await aFile({ owner })
    if (n < YOUNG) young.add(id)
    else await db.file.update({ where: { id }, data: { readyAt: ago(40) } })
  }
  await endUploadUrls()

  let statements = 40
  const left: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    // Later ones first, so that the first kills find most to delete.
    const before = 1 + Math.floor((statements * (ROUNDS - round)) / ROUNDS)
    const count = await runKilled(before)
    if (count !== null) statements = count
    expect(await quotaErrors()).toEqual([])
    left.push(await countThere())
  }
  // A kill between two transactions leaves some.
  expect(left.some((count) => count > YOUNG && count < DUE + YOUNG)).toBe(true)

  expect(await lapseFiles({ doClocksAgree: async () => true, rest: 0 })).toMatchObject({ left: 0 })
  const there = await db.file.findMany({ where: { deletedAt: null }, select: { id: true } })
  expect(new Set(there.map(({ id }) => id))).toEqual(young)

  await endUploadUrls()
  const away = { endpoint: "http://127.0.0.1:9", bucket: BUCKET, keys: KEYS, signers: undefined }
  await withStorageConfiguration(away, () => expect(destroyDoomed()).rejects.toThrow())
  expect(await db.object.count({ where: { state: "doomed" } })).toBe(DUE)
  await destroyDoomed()
  expect(await quotaErrors()).toEqual([])
  const inTwoDays = new Date(Date.now() + 2 * DAY_MS)
  expect(await reconcile({ apply: false, now: inTwoDays })).toMatchObject({
    ...{ orphans: [], lost: [], overdue: [], multiparts: [], rows: YOUNG, objects: YOUNG },
  })
})
