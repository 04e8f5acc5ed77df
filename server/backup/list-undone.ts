import fs from "node:fs"
import path from "node:path"
import pg from "pg"
import { SetupError } from "#lib/adapters/errors.ts"
import { tryLock } from "#packages/file-lock/file-lock.ts"
import { databaseUrl } from "../configuration/database-url.ts"
import { startPostgres } from "../embedded/postgres.ts"
import { MANIFEST } from "./manifest.ts"

export type Undone = {
  /** Shares revoked since the backup, which a restore opens again. */
  shares: { id: string; title: string; owner: string; byAdmin: boolean; at: Date }[]
  /** Members disabled since the backup, who can sign in again. */
  members: { id: string; email: string; at: Date }[]
  /** The number of files deleted since the backup, which are restored. */
  files: number
  /** The number of claims on limited shares since the backup, which are no longer counted. */
  claims: number
}

/**
 * Lists what restoring a backup taken at `takenAt` would undo. Reads the data directory that is
 * about to be replaced, and starts its database if it is not running. `folder` is the database's
 * folder in it.
 */
export async function listUndone(
  dataDirectory: string,
  takenAt: Date,
  folder = "postgres",
): Promise<Undone> {
  const postgres = path.join(dataDirectory, folder)
  if (!fs.existsSync(path.join(postgres, "cluster/PG_VERSION"))) {
    throw new SetupError(
      `${dataDirectory} has no database to compare with: leave --compare out, or name the data directory that Lapse used until now.`,
    )
  }
  if (fs.existsSync(path.join(dataDirectory, MANIFEST))) {
    throw new SetupError(
      `${dataDirectory} is a backup, which starting its database would spoil: name the data directory that Lapse used until now, or leave --compare out.`,
    )
  }
  const lock = tryLock(path.join(dataDirectory, "lock"))
  if (!lock) return read(databaseUrl(postgres), takenAt)
  try {
    const server = await startPostgres({ directory: postgres })
    return await read(server.url, takenAt).finally(server.stop)
  } finally {
    lock.release()
  }
}

async function read(url: string, takenAt: Date): Promise<Undone> {
  const client = new pg.Client({ connectionString: url, application_name: "lapse-restore" })
  await client.connect()
  try {
    const { rows: shares } = await client.query<Undone["shares"][number]>(
      `SELECT share.id, title, email AS owner, revoked_by_admin AS "byAdmin",
         revoked_at AS at
       FROM share JOIN member ON member.id = owner_id
       WHERE share.created_at < $1 AND revoked_at >= $1 ORDER BY revoked_at`,
      [takenAt],
    )
    const { rows: members } = await client.query<Undone["members"][number]>(
      `SELECT id, email, disabled_at AS at FROM member
       WHERE created_at < $1 AND disabled_at >= $1 ORDER BY disabled_at`,
      [takenAt],
    )
    const { rows: counts } = await client.query<{ files: number; claims: number }>(
      `SELECT
         (SELECT count(*)::int FROM file WHERE created_at < $1 AND deleted_at >= $1) AS files,
         (SELECT count(*)::int FROM event JOIN share ON share.id = share_id
          WHERE kind = 'claim' AND at >= $1 AND share.created_at < $1
            AND max_downloads IS NOT NULL) AS claims`,
      [takenAt],
    )
    return { shares, members, files: counts[0]?.files ?? 0, claims: counts[0]?.claims ?? 0 }
  } finally {
    await client.end()
  }
}
