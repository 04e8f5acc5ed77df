import fs from "node:fs"
import path from "node:path"
import { z } from "zod"
import { SetupError } from "#lib/adapters/errors.ts"

const MARKER = "running.json"

/** The inode and birth time of the marker file when it was written. */
const Identity = z.object({ inode: z.string(), bornAtNs: z.string() })
type Identity = z.infer<typeof Identity>

/** The option that starts on a copied directory anyway. */
export const ACCEPT_COPY = "--accept-copy"

type Options = { acceptsCopy: boolean }

/**
 * Marks the data directory as in use by a process. A marker that a crash left is accepted. If that
 * marker is itself a copy, the directory was copied while a process ran on the original: throws a
 * SetupError then, unless the option accepts it. The caller has the lock.
 */
export function markRunning(dataDirectory: string, { acceptsCopy }: Options) {
  const file = path.join(dataDirectory, MARKER)
  if (isCopy(file) && !acceptsCopy) {
    throw new SetupError(
      `The data directory ${dataDirectory} seems to be a copy that was made while Lapse ran: such a copy can silently lack or mix database changes. ` +
        "Restore a backup made by `lapse backup` in its place. If it is a snapshot of the whole disk at one moment, or nothing ran when it was copied, " +
        `start it once with \`lapse start ${ACCEPT_COPY}\`.`,
    )
  }
  fs.rmSync(file, { force: true })
  const handle = fs.openSync(file, "wx", 0o600)
  fs.writeSync(handle, `${JSON.stringify(identityOf(handle))}\n`)
  fs.fsyncSync(handle)
  fs.closeSync(handle)
}

/** Removes the marker after all parts have stopped: a copy made from now on is consistent. */
export function removeRunningMarker(dataDirectory: string) {
  fs.rmSync(path.join(dataDirectory, MARKER), { force: true })
}

/**
 * Whether the marker is a copy: both its inode and its birth time differ from the recorded ones.
 * One alone proves nothing: some file systems renumber inodes when mounted and some store no birth
 * time. In doubt it is not a copy, so that no installation is refused after a crash.
 */
function isCopy(file: string) {
  if (!fs.existsSync(file)) return false
  const written = readIdentity(file)
  const handle = fs.openSync(file, "r")
  const found = identityOf(handle)
  fs.closeSync(handle)
  if (!written || written.bornAtNs === "0" || found.bornAtNs === "0") return false
  return written.inode !== found.inode && written.bornAtNs !== found.bornAtNs
}

function identityOf(handle: number): Identity {
  const { ino, birthtimeNs } = fs.fstatSync(handle, { bigint: true })
  return { inode: String(ino), bornAtNs: String(birthtimeNs) }
}

// A power failure may leave the file empty.
function readIdentity(file: string) {
  try {
    return Identity.safeParse(JSON.parse(fs.readFileSync(file, "utf8"))).data
  } catch {
    return undefined
  }
}
