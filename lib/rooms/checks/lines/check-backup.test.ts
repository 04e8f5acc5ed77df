import { randomUUID } from "node:crypto"
import { beforeEach, describe, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { inDays } from "#testing/units.ts"
import { checkBackup, checkBackupTried } from "./check-backup.ts"

const HERE = import.meta.dirname

beforeEach(() => {
  hostState().disk = { directory: HERE, freeBytes: 1e12, reserveBytes: 1e9, takesUploads: true }
  Object.assign(configuration, { BACKUP_DIR: HERE })
})

type Row = Parameters<typeof db.backup.create>[0]["data"]

const aBackup = (changes: Partial<Row> = {}, daysAgo = 0) =>
  db.backup.create({
    data: {
      id: randomUUID(),
      kind: "scheduled",
      directory: HERE,
      bytes: changes.error ? null : 1n,
      at: inDays(-daysAgo),
      ...changes,
    },
  })

describe("the line of the last backup", () => {
  it("says what to set until there is one, and that the first one is coming", async () => {
    expect(await checkBackup()).toMatchObject({ state: "warn", code: "soon" })
    Object.assign(configuration, { BACKUP_DIR: undefined })
    expect(await checkBackup()).toMatchObject({ state: "warn", code: "not_set" })
    hostState().disk = null
    expect(await checkBackup()).toMatchObject({ state: "skipped", code: "elsewhere" })
  })

  it("is a tick for a day and a half, and then a failure", async () => {
    await aBackup({}, 2)
    expect(await checkBackup()).toMatchObject({ state: "fail", code: "old" })
    await aBackup({}, 1.4)
    expect(await checkBackup()).toMatchObject({ state: "ok", values: { directory: HERE } })
  })

  it("says why the last one failed, also if none was ever made", async () => {
    await aBackup({ error: "There is no room." })
    expect(await checkBackup()).toMatchObject({ code: "failed_never" })
    await aBackup({}, 1)
    expect(await checkBackup()).toMatchObject({
      state: "fail",
      code: "failed",
      values: { problem: "There is no room." },
    })
  })

  it("notices that the last one is gone, unless somebody made it by hand", async () => {
    await aBackup({ directory: "/nowhere" })
    expect(await checkBackup()).toMatchObject({ state: "fail", code: "gone" })
    await aBackup({ directory: "/elsewhere", kind: "manual" })
    expect(await checkBackup()).toMatchObject({ state: "ok" })
  })

  it("fails on one that is dated after now, which does not count, until it is gone", async () => {
    await aBackup({ directory: "/nowhere" }, -3_000)
    expect(await checkBackup()).toMatchObject({ state: "warn", code: "soon" })
    await aBackup({}, -3_000)
    expect(await checkBackup()).toMatchObject({ state: "fail", code: "ahead" })
    await aBackup({})
    expect(await checkBackup()).toMatchObject({ state: "fail", values: { directory: HERE } })
  })

  it("does not name a copy that was only tried, which the test's line does", async () => {
    await aBackup({}, 1)
    await aBackup({ directory: "/copy", kind: "manual", bytes: null, triedAt: new Date() })
    expect(await checkBackup()).toMatchObject({ state: "ok", values: { directory: HERE } })
    expect(await checkBackupTried()).toMatchObject({ state: "ok" })
    await db.backup.deleteMany({ where: { directory: HERE } })
    expect(await checkBackup()).toMatchObject({ state: "warn", code: "soon" })
    expect(await checkBackupTried()).toMatchObject({ state: "ok" })
  })

  it("accepts backups by hand as enough while they are made regularly", async () => {
    Object.assign(configuration, { BACKUP_DIR: undefined })
    await aBackup({ kind: "manual" }, 3)
    expect(await checkBackup()).toMatchObject({ state: "warn", code: "by_hand" })
    await aBackup({ kind: "manual" }, 1)
    expect(await checkBackup()).toMatchObject({ state: "ok" })
  })
})

describe("the line of the last test of a backup", () => {
  it("asks for one, says what it found, and asks again after three months", async () => {
    expect(await checkBackupTried()).toMatchObject({ state: "skipped", code: "none" })
    const { id } = await aBackup({}, 100)
    expect(await checkBackupTried()).toMatchObject({ state: "warn", code: "never" })
    const tried = (daysAgo: number, tryError: string | null = null) =>
      db.backup.update({
        where: { id },
        data: { triedAt: inDays(-daysAgo), tryError },
      })
    await tried(91)
    expect(await checkBackupTried()).toMatchObject({ state: "warn", code: "old" })
    await tried(89)
    expect(await checkBackupTried()).toMatchObject({ state: "ok" })
    await tried(0, "Its store has 1 of 2 files.")
    expect(await checkBackupTried()).toMatchObject({
      state: "fail",
      values: { problem: "Its store has 1 of 2 files." },
    })
  })
})
