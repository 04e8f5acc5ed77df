import fs from "node:fs"
import path from "node:path"
import { z } from "zod"
import { SetupError } from "#lib/errors.ts"
import { syncPath } from "./durable.ts"
import { MANIFEST } from "./manifest.ts"

const NOTE = "restored.json"
/** While it is in the data directory, a restore has not finished. */
export const RESTORE_PARTIAL = "restore.partial"

const Restored = z.object({
  id: z.uuid(),
  /** As of when the backup is. */
  takenAt: z.iso.datetime(),
  /** What the first start revokes: every open share, these, or none. */
  revoke: z.union([z.literal("open"), z.array(z.object({ id: z.uuid(), byAdmin: z.boolean() }))]),
  /** Members whom the first start disables. */
  disable: z.array(z.uuid()),
})

/** What the first start after a restore has to do. */
export type Restored = z.infer<typeof Restored>

export function writeRestored(directory: string, restored: Restored) {
  const text = `${JSON.stringify(restored, undefined, 2)}\n`
  fs.writeFileSync(path.join(directory, NOTE), text, { mode: 0o600 })
}

/** What a restore left for the next start, or null. */
export function readRestored(dataDirectory: string): Restored | null {
  const file = path.join(dataDirectory, NOTE)
  if (!fs.existsSync(file)) return null
  return Restored.parse(JSON.parse(fs.readFileSync(file, "utf8")))
}

/** After the first start: what is noted is committed in the database. */
export function removeRestored(dataDirectory: string) {
  fs.rmSync(path.join(dataDirectory, NOTE), { force: true })
  syncPath(dataDirectory)
}

/** Throws a SetupError for a backup itself, and for a directory into which a restore was cut off. */
export function refuseUnrestored(dataDirectory: string) {
  if (fs.existsSync(path.join(dataDirectory, MANIFEST))) {
    throw new SetupError(
      `${dataDirectory} is a backup, not a data directory: restore it with npm run lapse -- restore ${dataDirectory}.`,
    )
  }
  if (!fs.existsSync(path.join(dataDirectory, RESTORE_PARTIAL))) return
  throw new SetupError(
    `A restore into ${dataDirectory} did not finish: empty that directory and run npm run lapse -- restore again.`,
  )
}
