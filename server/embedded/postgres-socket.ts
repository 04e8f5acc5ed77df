import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/errors.ts"
import { nameOf } from "#server/configuration/data-owner.ts"
import { type Account, giveTo, LAPSE } from "./postgres-account.ts"

/** The URL of the app's database while the server of this directory runs. */
export const databaseUrl = (directory: string) => urlOf(socketPath(directory), LAPSE)

/** The URL of a database on the server that listens in this directory. */
export const urlOf = (socket: string, database: string) =>
  `postgresql://${LAPSE}@localhost/${database}?host=${encodeURIComponent(socket)}`

/** Creates the directory of the socket, which only its owner and root may enter. */
export function makeSocketDirectory(directory: string, account: Account | undefined) {
  const socket = socketPath(directory)
  fs.mkdirSync(socket, { recursive: true, mode: 0o700 })
  const { uid } = fs.lstatSync(socket)
  const expected = account?.uid ?? process.getuid?.()
  if (!fs.lstatSync(socket).isDirectory() || (uid !== expected && uid !== process.getuid?.())) {
    throw new SetupError(
      `The directory for the database socket, ${socket}, belongs to ${nameOf(uid)}: remove it, or set LAPSE_DATA_DIR to another path.`,
    )
  }
  fs.chmodSync(socket, 0o700) // whoever may enter it may use the database
  giveTo(account, socket)
  return socket
}

/** Removes a socket directory that lies outside of the server's directory. */
export function removeSocketDirectory(directory: string) {
  const socket = socketPath(directory)
  if (path.dirname(socket) !== directory) fs.rmSync(socket, { recursive: true, force: true })
}

/**
 * A path short enough for a socket address: 107 bytes on Linux, 103 on macOS. Data directories may
 * be longer.
 */
function socketPath(directory: string) {
  const own = path.join(directory, "socket")
  if (Buffer.byteLength(path.join(own, ".s.PGSQL.5432")) <= 103) return own
  const hash = createHash("sha256").update(path.resolve(directory)).digest("hex").slice(0, 12)
  return path.join("/tmp", `lapse-${hash}`)
}
