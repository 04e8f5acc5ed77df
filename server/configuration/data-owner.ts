import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"

const { R_OK, W_OK, X_OK } = fs.constants

const LOCK = "lock"

/** What a start reads or writes of a data directory; `*` is everything in a directory. */
const USED = [
  ...[LOCK, "running.json", "restored.json", "object-hashes.txt", "secrets", "secrets/*"],
  ...["access-log", "objects", "objects/*", "postgres"],
]

/**
 * Throws a SetupError that names the first path of a data directory which this process may not use
 * because it belongs to another user, as after a copy by that user.
 */
export function requireAccess(directory: string): void {
  requireUsable(directory, directory)
  for (const name of USED) {
    for (const file of fs.globSync(name, { cwd: directory }))
      requireUsable(directory, path.join(directory, file))
  }
}

function requireUsable(directory: string, file: string) {
  const found = find(file)
  const uid = process.getuid?.()
  if (!found || uid === undefined || found.uid === uid) return // modes are said where it is used
  try {
    fs.accessSync(file, found.isDirectory() ? R_OK | W_OK | X_OK : R_OK)
    // SQLite locks a file that it may not write, but nobody else out.
    if (path.basename(file) === LOCK) fs.accessSync(file, W_OK)
  } catch (error) {
    if (!isDenied(error)) return // a disk that is read-only, say
    const gid = process.getgid?.() ?? uid
    // A directory named by mistake, such as /var, must not be given away.
    const isOurs = file === directory ? "if it is a data directory of Lapse, " : ""
    throw new SetupError(
      `${file} belongs to ${nameOf(found.uid)} and Lapse runs as ${nameOf(uid)}, who may not use it: ${isOurs}${chown(directory, { uid, gid })}, or start Lapse as ${nameOf(found.uid)}; or set LAPSE_DATA_DIR to another directory.`,
    )
  }
}

/** Undefined also below a directory that this process may not enter. */
function find(file: string) {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    if (isDenied(error)) return undefined
    throw error
  }
}

const isDenied = (error: unknown) =>
  error instanceof Error && "code" in error && ["EACCES", "EPERM"].includes(String(error.code))

/** How to give all of a directory to a user, as a part of a sentence. */
export const chown = (directory: string, { uid, gid }: { uid: number; gid: number }) =>
  `give it all to that user with \`chown -R ${uid}:${gid} ${directory}\` as root`

/** A user as an operator knows them: `lapse (998)`. */
export function nameOf(uid: number): string {
  const name = readAccounts().find((account) => account.uid === uid)?.name
  return name === undefined ? `user ${uid}` : `${name} (${uid})`
}

/** The accounts of this machine. */
export function readAccounts() {
  if (!fs.existsSync("/etc/passwd")) return []
  return fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
