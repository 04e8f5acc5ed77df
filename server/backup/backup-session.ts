import { randomBytes } from "node:crypto"
import pg from "pg"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { DELETIONS_LOCK } from "#lib/rooms/files/objects/deletions-lock.ts"

const PING_MS = 20_000
/** A session is closed when idle for this long. This releases its WAL and resumes deletions. */
const IDLE_SESSION_MS = 300_000

export type Counts = { members: number; shares: number; files: number; fileBytes: number }

export const COUNT = `
  SELECT (SELECT count(*) FROM member) AS members, (SELECT count(*) FROM share) AS shares,
    count(*) AS files, coalesce(sum(size), 0) AS bytes
  FROM file WHERE status = 'ready' AND deleted_at IS NULL`

export const countsOf = ([row = {}]: Record<string, string>[]): Counts => ({
  members: Number(row.members),
  shares: Number(row.shares),
  files: Number(row.files),
  fileBytes: Number(row.bytes),
})

export type StoppedBackup = {
  takenAt: Date
  /** The content of the file backup_label, to be written byte for byte. */
  label: string
  /** The content of the file tablespace_map, which is written unless it is empty. */
  tablespaceMap: string
  wal: { first: string; last: string }
}

export type BackupSession = {
  /** Keeps all WAL from now on and starts PostgreSQL's low-level backup. */
  start: () => Promise<void>
  /** Pauses the deletion of objects until the session ends. */
  pauseDeletions: () => Promise<void>
  count: () => Promise<Counts>
  stop: () => Promise<StoppedBackup>
  /** Returns the id of the installation, or undefined. Throws if the session was lost. */
  findInstallation: () => Promise<string | undefined>
  end: () => Promise<void>
}

/**
 * Opens the database session for a backup. PostgreSQL's backup mode, the replication slot that
 * keeps the WAL, and the pause of deletions end with the session.
 */
export async function openBackupSession(url: string): Promise<BackupSession> {
  const client = new pg.Client({
    connectionString: url,
    application_name: "lapse-backup",
    keepAlive: true,
  })
  let lost: Error | undefined
  client.on("error", (error) => {
    lost = error
  })
  const lostIfTerminated = (error: Error) => {
    throw lost || isTerminated(error) ? sessionLost(lost ?? error) : error
  }
  await client.connect().catch(lostIfTerminated)

  // Runs queries one at a time, because the ping may start while another query runs.
  let last: Promise<unknown> = Promise.resolve()
  const ask = <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) => {
    const asked = last.then(() => client.query<Row>(text, values)).catch(lostIfTerminated)
    last = asked.catch(() => {})
    return asked
  }
  await ask("SET statement_timeout = 0")
  await ask(`SET idle_session_timeout = ${IDLE_SESSION_MS}`)
  const ping = setInterval(() => ask("SELECT 1").catch(() => {}), PING_MS)

  return {
    async start() {
      const slot = `lapse_backup_${randomBytes(6).toString("hex")}`
      await ask("SELECT pg_create_physical_replication_slot($1, true, true)", [slot])
      await ask("SELECT pg_backup_start('lapse backup', fast => true)")
    },
    async pauseDeletions() {
      await ask("SELECT pg_advisory_lock($1, $2)", [DELETIONS_LOCK.class, DELETIONS_LOCK.key])
    },
    async count() {
      const { rows } = await ask<Record<string, string>>(COUNT)
      return countsOf(rows)
    },
    async stop() {
      const { rows: clock } = await ask<{ at: Date }>("SELECT clock_timestamp() AS at")
      const { rows } = await ask<{ label: string; map: string | null; last: string }>(
        `SELECT labelfile AS label, spcmapfile AS map, pg_walfile_name(lsn) AS last
         FROM pg_backup_stop(wait_for_archive => false)`,
      )
      const { label = "", map, last = "" } = rows[0] ?? {}
      const first = /\(file ([0-9A-F]{24})\)/.exec(label)?.[1]
      if (!first) throw new Error(`No WAL file in the label of the backup: ${label}`)
      const takenAt = clock[0]?.at ?? new Date()
      return { takenAt, label, tablespaceMap: map ?? "", wal: { first, last } }
    },
    async findInstallation() {
      const { rows } = await ask<{ id: string }>("SELECT installation_id AS id FROM installation")
      return rows[0]?.id
    },
    async end() {
      clearInterval(ping)
      await client.end().catch(() => {})
    },
  }
}

const isTerminated = (error: unknown) => /^(57P|08)/.test(codeOf(error))

const sessionLost = (cause: Error) =>
  new SetupError(
    `The connection to the database was lost during the backup (${cause.message}): run it again.`,
    { cause },
  )
