import { afterEach, beforeEach, expect, it } from "vitest"
import { configuration } from "#lib/adapters/configuration.ts"
import { BACKUP_SESSION, BACKUP_SESSION_LOCK } from "#lib/adapters/database/backup-lock.ts"
import { DbClient } from "#lib/adapters/database/db-client.ts"
import { db } from "#lib/adapters/database.ts"
import { hostState } from "#lib/adapters/host/host-state.ts"
import { anAdmin } from "#testing/builders/a-member.ts"
import { askForBackup } from "./ask-for-backup.ts"
import { viewBackups } from "./view-backups.ts"

const DISK = { directory: "/data", freeBytes: 1e12, reserveBytes: 1e9, takesUploads: true }

beforeEach(() => {
  Object.assign(configuration, { BACKUP_DIR: "/backups" })
  hostState().disk = DISK
})
afterEach(() => {
  Object.assign(configuration, { BACKUP_DIR: undefined })
  hostState().disk = null
})

const jobs = () => db.$queryRaw`SELECT FROM graphile_worker.jobs WHERE task_identifier = 'backUp'`

it("asks once for a backup, and records who did", async () => {
  const admin = await anAdmin()
  expect(await viewBackups(admin)).toMatchObject({ state: "idle", last: null })
  expect(await askForBackup(admin)).toMatchObject({ state: "waiting", step: null })
  expect(await askForBackup(admin)).toMatchObject({ state: "waiting" })
  expect(await jobs()).toHaveLength(1)
  const entries = await db.auditEntry.findMany({ where: { action: "installation.back_up" } })
  expect(entries).toMatchObject([{ actorId: admin }])
})

it("shows the step of the backup that another process makes, and asks for no second one", async () => {
  const admin = await anAdmin()
  const connectionString = configuration.DATABASE_URL
  const maker = new DbClient({ connectionString, application_name: BACKUP_SESSION })
  await maker.connect()
  try {
    await maker.query("SELECT pg_advisory_lock($1)", [BACKUP_SESSION_LOCK])
    expect(await viewBackups(admin)).toMatchObject({ state: "idle", step: null })
    const name = `${BACKUP_SESSION} database`
    await maker.query("SELECT set_config('application_name', $1, false)", [name])
    expect(await askForBackup(admin)).toMatchObject({ state: "running", step: "database" })
    expect((await viewBackups(admin)).since).not.toBeNull()
    expect(await jobs()).toHaveLength(0)
  } finally {
    await maker.end()
  }
})

it("refuses without BACKUP_DIR, and where nothing of a backup is on this machine", async () => {
  const admin = await anAdmin()
  Object.assign(configuration, { BACKUP_DIR: undefined })
  expect(await viewBackups(admin)).toMatchObject({ state: "not_set", nextAt: null })
  await expect(askForBackup(admin)).rejects.toBeRefusal("not_allowed")
  hostState().disk = null
  expect(await viewBackups(admin)).toMatchObject({ state: "elsewhere" })
})

it("names the last backup that was made, and when the next is due", async () => {
  const admin = await anAdmin()
  const made = { kind: "scheduled", directory: "/backups/one", bytes: 12n } as const
  const at = new Date("2026-11-28T03:00:00Z")
  await db.backup.create({ data: { id: crypto.randomUUID(), ...made, at } })
  const failed = { kind: "scheduled", directory: "/backups/two", error: "no room" } as const
  await db.backup.create({ data: { id: crypto.randomUUID(), ...failed, at: new Date() } })

  const now = new Date(2026, 10, 30, 14)
  expect(await viewBackups(admin, now)).toMatchObject({
    last: { at: at.toISOString(), directory: "/backups/one", bytes: 12 },
    nextAt: new Date(2026, 11, 1, 3).toISOString(),
  })
})
