import fs from "node:fs"
import { copyFile, mkdir, readdir, readFile } from "node:fs/promises"
import path from "node:path"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"

// The files to leave out:
// https://www.postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP-DATA

/** Directories that are created empty in the copy. */
const EMPTY = new Set([
  "log",
  "pg_dynshmem",
  "pg_notify",
  "pg_replslot",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "pg_wal", // copied at the end
])
const LEFT_OUT = new Set([
  "backup_label",
  "backup_label.old",
  "current_logfiles",
  "postgresql.auto.conf.tmp",
  "postmaster.opts",
  "postmaster.pid",
  "tablespace_map",
  "tablespace_map.old",
])
const TEMPORARY = /^(pgsql_tmp|pg_internal\.init)|^t\d+_\d+/
const CONTROL_FILE = "global/pg_control"

/** Copies a running cluster without its WAL, between pg_backup_start and pg_backup_stop. */
export async function copyCluster(cluster: string, target: string): Promise<void> {
  await copyFolder(cluster, target, "")
  await copyControlFile(cluster, target) // last, as pg_basebackup does
}

async function copyFolder(cluster: string, target: string, folder: string) {
  await mkdir(path.join(target, folder), { recursive: true, mode: 0o700 })
  if (EMPTY.has(folder)) return
  for (const entry of await ignoringMissing(
    readdir(path.join(cluster, folder), { withFileTypes: true }),
    [],
  )) {
    const name = path.join(folder, entry.name)
    if (LEFT_OUT.has(name) || TEMPORARY.test(entry.name) || name === CONTROL_FILE) continue
    if (entry.isDirectory()) await copyFolder(cluster, target, name)
    else if (entry.isFile()) await copyIfThere(path.join(cluster, name), path.join(target, name))
    else {
      throw new SetupError(
        `${path.join(cluster, name)} is neither a file nor a directory, so it cannot be backed up: a database with tablespaces elsewhere needs a backup of its own.`,
      )
    }
  }
}

/** Copies a file unless the server has removed it. The WAL contains the removal too. */
const copyIfThere = (from: string, to: string) =>
  ignoringMissing(copyFile(from, to, fs.constants.COPYFILE_FICLONE), undefined)

// The server overwrites the file in place, so a reader may see a half-written one.
async function copyControlFile(cluster: string, target: string) {
  const file = path.join(cluster, CONTROL_FILE)
  let read = await readFile(file)
  for (;;) {
    const again = await readFile(file)
    if (again.equals(read)) break
    read = again
  }
  fs.writeFileSync(path.join(target, CONTROL_FILE), read, { mode: 0o600 })
}

/**
 * Copies the WAL segments from `first` to `last`, both included. pg_backup_stop has completed the
 * last one, so a server that starts on the copy replays exactly up to its end.
 */
export async function copyWal(
  cluster: string,
  target: string,
  { first, last }: { first: string; last: string },
): Promise<void> {
  const names = (await readdir(path.join(cluster, "pg_wal"))).filter(
    (name) =>
      /^[0-9A-F]{8}\.history$/.test(name) ||
      (/^[0-9A-F]{24}$/.test(name) && name >= first && name <= last),
  )
  if (!names.includes(first) || !names.includes(last)) {
    throw new SetupError(
      `The database removed its log from ${first} to ${last} during the backup: run it again.`,
    )
  }
  for (const name of names)
    await copyFile(path.join(cluster, "pg_wal", name), path.join(target, "pg_wal", name))
}

async function ignoringMissing<Result, Other>(work: Promise<Result>, otherwise: Other) {
  try {
    return await work
  } catch (error) {
    if (codeOf(error) === "ENOENT") return otherwise
    throw error
  }
}
/** Copies the folder of secrets. Only the owner may read the copy. */
export function copySecrets(from: string, to: string) {
  const secrets = path.join(from, "secrets")
  if (!fs.existsSync(secrets)) return
  fs.mkdirSync(path.join(to, "secrets"), { mode: 0o700 })
  for (const name of fs.readdirSync(secrets).filter((name) => !name.endsWith(".new"))) {
    const target = path.join(to, "secrets", name)
    fs.copyFileSync(path.join(secrets, name), target)
    fs.chmodSync(target, 0o600)
  }
}
