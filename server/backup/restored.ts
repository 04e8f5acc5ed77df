import fs from "node:fs"
import path from "node:path"
import { z } from "zod"
import { SetupError } from "#lib/errors.ts"
import { syncPath } from "./durable.ts"
import { MANIFEST } from "./manifest.ts"

const NOTE = "restored.json"
/** The name of a file that is in the data directory until a restore has finished. */
export const RESTORE_PARTIAL = "restore.partial"

const Restored = z.object({
  id: z.uuid(),
  /** The time of the state that the backup holds. */
  takenAt: z.iso.datetime(),
  /** The shares that the first start revokes: every open share, those listed, or none. */
  revoke: z.union([z.literal("open"), z.array(z.object({ id: z.uuid(), byAdmin: z.boolean() }))]),
  /** The ids of members whom the first start disables. */
  disable: z.array(z.uuid()),
})

/** The tasks of the first start after a restore. */
export type Restored = z.infer<typeof Restored>

export function writeRestored(directory: string, restored: Restored) {
  const text = `${JSON.stringify(restored, undefined, 2)}\n`
  fs.writeFileSync(path.join(directory, NOTE), text, { mode: 0o600 })
}

/** Reads the tasks that a restore left for the next start; null if there are none. */
export function readRestored(dataDirectory: string): Restored | null {
  const file = path.join(dataDirectory, NOTE)
  if (!fs.existsSync(file)) return null
  return Restored.parse(JSON.parse(fs.readFileSync(file, "utf8")))
}

/** Removes the note of a restore, once the first start has committed its tasks to the database. */
export function removeRestored(dataDirectory: string) {
  fs.rmSync(path.join(dataDirectory, NOTE), { force: true })
  syncPath(dataDirectory)
}

/**
 * Throws a SetupError if a directory is a backup itself, or if a restore into it was interrupted.
 */
export function refuseUnrestored(dataDirectory: string) {
  if (fs.existsSync(path.join(dataDirectory, MANIFEST))) {
    throw new SetupError(
      `${dataDirectory} is a backup, not a data directory: restore it with lapse restore ${dataDirectory}.`,
    )
  }
  if (!fs.existsSync(path.join(dataDirectory, RESTORE_PARTIAL))) return
  throw new SetupError(
    `A restore into ${dataDirectory} did not finish: empty that directory and run lapse restore again.`,
  )
}
