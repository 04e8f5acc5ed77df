import fs from "node:fs"
import path from "node:path"
import { SetupError } from "#lib/adapters/errors.ts"
import { nameOf } from "#server/configuration/data-owner.ts"
import { socketPath } from "#server/configuration/database-url.ts"
import { type Account, giveTo } from "./postgres-account.ts"

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
  fs.chmodSync(socket, 0o700) // access to it is access to the database
  giveTo(account, socket)
  return socket
}

/** Removes a socket directory that is outside of the server's directory. */
export function removeSocketDirectory(directory: string) {
  const socket = socketPath(directory)
  if (path.dirname(socket) !== directory) fs.rmSync(socket, { recursive: true, force: true })
}
