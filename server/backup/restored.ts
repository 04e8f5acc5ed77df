import fs from "node:fs"
import path from "node:path"
import { z } from "zod"
import { SetupError } from "#lib/adapters/errors.ts"
import { giveToOwner } from "#server/configuration/data-owner.ts"
import { syncPath } from "#server/processes/durable.ts"
import { MANIFEST, Manifest } from "./manifest.ts"

const NOTE = "restored.json"
/** The name of the note that a data directory has until its restore has finished. */
export const RESTORE_PARTIAL = "restore.partial"

const Restored = z.object({
  id: z.uuid(),
  /** The time of the backup's snapshot. */
  takenAt: z.iso.datetime(),
  /** The shares that the first start revokes: every open share, those listed, or none. */
  revoke: z.union([z.literal("open"), z.array(z.object({ id: z.uuid(), byAdmin: z.boolean() }))]),
  /** The ids of members whom the first start disables. */
  disable: z.array(z.uuid()),
})

/** The tasks of the first start after a restore. */
export type Restored = z.infer<typeof Restored>

const RestoreNote = Restored.extend({
  from: z.string(),
  manifest: Manifest,
  /** The name that the newer database gets, if the backup is from before an update. */
  newer: z.string().nullable(),
  /** Whether everything is copied and only has to be moved into place. */
  isCopied: z.boolean(),
})
export type RestoreNote = z.infer<typeof RestoreNote>

/** Reads the tasks that a restore left for the next start; null if there are none. */
export function readRestored(dataDirectory: string): Restored | null {
  const file = path.join(dataDirectory, NOTE)
  if (!fs.existsSync(file)) return null
  return Restored.parse(JSON.parse(fs.readFileSync(file, "utf8")))
}

/** Reads the note of a restore that was interrupted or not yet started; null if there is none. */
export function readRestoreNote(dataDirectory: string): RestoreNote | null {
  for (const name of [RESTORE_PARTIAL, NOTE]) {
    const file = path.join(dataDirectory, name)
    // Up to 0.2 this was a directory, or a note with fewer fields.
    if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) continue
    return RestoreNote.safeParse(JSON.parse(fs.readFileSync(file, "utf8"))).data ?? null
  }
  return null
}

/** Writes the note of a restore. While it exists, Lapse refuses to start on the data directory. */
export function writeRestoreNote(dataDirectory: string, note: RestoreNote) {
  const file = path.join(dataDirectory, RESTORE_PARTIAL)
  const unwritten = `${file}.new`
  fs.writeFileSync(unwritten, `${JSON.stringify(note, undefined, 2)}\n`)
  giveToOwner(dataDirectory, unwritten)
  syncPath(unwritten)
  if (fs.statSync(file, { throwIfNoEntry: false })?.isDirectory())
    fs.rmSync(file, { recursive: true })
  fs.renameSync(unwritten, file)
  syncPath(dataDirectory)
}

/** Ends a restore: its note becomes the first start's tasks, if there is a database. */
export function finishRestore(dataDirectory: string, { hasDatabase }: { hasDatabase: boolean }) {
  const file = path.join(dataDirectory, RESTORE_PARTIAL)
  if (hasDatabase) fs.renameSync(file, path.join(dataDirectory, NOTE))
  else fs.rmSync(file)
  syncPath(dataDirectory)
}

/** Removes the note of a restore, once the first start has committed its tasks to the database. */
export function removeRestored(dataDirectory: string) {
  fs.rmSync(path.join(dataDirectory, NOTE), { force: true })
  syncPath(dataDirectory)
}

/** Throws a SetupError if a directory is a backup, or a restore into it was interrupted. */
export function refuseUnrestored(dataDirectory: string) {
  if (fs.existsSync(path.join(dataDirectory, MANIFEST))) {
    throw new SetupError(
      `${dataDirectory} is a backup, not a data directory: restore it with lapse restore ${dataDirectory}.`,
    )
  }
  const found = fs.statSync(path.join(dataDirectory, RESTORE_PARTIAL), { throwIfNoEntry: false })
  if (!found) return
  if (found.isDirectory()) {
    const newer = fs.readdirSync(dataDirectory).find((name) => name.startsWith("postgres.newer-"))
    throw new SetupError(
      newer
        ? `Going back in ${dataDirectory}, with an older version, did not finish: run lapse restore with the same backup again; delete nothing. The newer database is ${path.join(dataDirectory, newer)}.`
        : `A restore into ${dataDirectory}, with an older version, did not finish. Move ${dataDirectory} away, and run lapse restore with the same backup again. If it is a backup from before an update, move nothing: only ${dataDirectory} has the objects.`,
    )
  }
  const from = readRestoreNote(dataDirectory)?.from ?? "DIR with the same backup"
  throw new SetupError(
    `A restore into ${dataDirectory} did not finish: run lapse restore ${from} again; delete nothing.`,
  )
}
