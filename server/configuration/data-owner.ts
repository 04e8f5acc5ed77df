import fs from "node:fs"
import path from "node:path"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"

const { R_OK, W_OK, X_OK } = fs.constants

const LOCK = "lock"

/** The files that a start reads or writes in a data directory; `*` matches any name. */
const USED = [
  LOCK,
  "running.json",
  "restored.json",
  "object-hashes.txt",
  "secrets",
  "secrets/*",
  "objects",
  "objects/*",
  "postgres",
]

/**
 * Throws a SetupError that names the first path of a data directory which this process may not use
 * because it belongs to another user, for example after a copy by that user.
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
  // wrong modes are reported where the file is used
  if (!found || uid === undefined || found.uid === uid) return
  try {
    fs.accessSync(file, found.isDirectory() ? R_OK | W_OK | X_OK : R_OK)
    // SQLite can lock a file that it may not write, but that lock does not exclude other processes.
    if (path.basename(file) === LOCK) fs.accessSync(file, W_OK)
  } catch (error) {
    if (!isDenied(error)) return // for example a read-only disk
    const gid = process.getgid?.() ?? uid
    // Must not suggest changing the owner of a directory that was named by mistake, such as /var.
    const isOurs = file === directory ? "if it is a data directory of Lapse, " : ""
    throw new SetupError(
      `${file} belongs to ${nameOf(found.uid)} and Lapse runs as ${nameOf(uid)}, who may not use it: ${isOurs}${chown(directory, { uid, gid })}, or start Lapse as ${nameOf(found.uid)}; or set LAPSE_DATA_DIR to another directory.`,
    )
  }
}

/** Returns the file's owner and mode; undefined without the file or the right to see it. */
function find(file: string) {
  try {
    return fs.lstatSync(file, { throwIfNoEntry: false })
  } catch (error) {
    if (isDenied(error)) return undefined
    throw error
  }
}

const isDenied = (error: unknown) => ["EACCES", "EPERM"].includes(codeOf(error))

/**
 * Gives a file, or a directory and everything in it, to the owner of a data directory. Commands run
 * as root beside an installation of another user, who must be able to use what they leave there.
 */
export function giveToOwner(dataDirectory: string, file: string) {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = fs.statSync(dataDirectory)
  if (uid === 0) return
  const isFolder = fs.lstatSync(file).isDirectory()
  for (const name of isFolder ? fs.readdirSync(file, { recursive: true, encoding: "utf8" }) : [])
    fs.lchownSync(path.join(file, name), uid, gid)
  fs.lchownSync(file, uid, gid)
}

/** Returns the command that gives a directory and its contents to a user, for use in a sentence. */
export const chown = (directory: string, { uid, gid }: { uid: number; gid: number }) =>
  `give it all to that user with \`chown -R ${uid}:${gid} ${directory}\` as root${
    isMounted(directory) ? " (for a container on its host, with the directory mounted there)" : ""
  }`

/** Whether a directory is itself a mount, as a volume of a container is. */
function isMounted(directory: string) {
  const table = "/proc/self/mountinfo"
  if (!fs.existsSync(table)) return false
  const mounts = fs.readFileSync(table, "utf8").split("\n")
  return mounts.some((mount) => mount.split(" ")[4] === path.resolve(directory))
}

/** Names a user by name and number: `lapse (998)`. */
export function nameOf(uid: number): string {
  const name = readAccounts().find((account) => account.uid === uid)?.name
  return name === undefined ? `user ${uid}` : `${name} (${uid})`
}

export function readAccounts() {
  if (!fs.existsSync("/etc/passwd")) return []
  return fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .map(([name = "", , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
}
