import { createHash } from "node:crypto"
import path from "node:path"

/** The name of the database, of its superuser, and of the account that is tried first. */
export const LAPSE = "lapse"

/** The URL of the app's database while the embedded server of this directory runs. */
export const databaseUrl = (directory: string) => urlOf(socketPath(directory), LAPSE)

/** The URL of a database on the embedded server that listens in this directory. */
export const urlOf = (socket: string, database: string) =>
  `postgresql://${LAPSE}@localhost/${database}?host=${encodeURIComponent(socket)}`

/** A path that fits a socket address: 107 bytes on Linux, 103 on macOS. */
export function socketPath(directory: string) {
  const own = path.join(directory, "socket")
  if (Buffer.byteLength(path.join(own, ".s.PGSQL.5432")) <= 103) return own
  const hash = createHash("sha256").update(path.resolve(directory)).digest("hex").slice(0, 12)
  return path.join("/tmp", `lapse-${hash}`)
}
