import { createHash } from "node:crypto"
import fs from "node:fs"
import path from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { z } from "zod"
import { codeOf, SetupError } from "#lib/adapters/errors.ts"
import { jsonOrNull } from "#lib/adapters/text/json-or-null.ts"
import {
  type Entry,
  hashFile,
  lineOf,
  listNames,
  pairByName,
  readEntries,
  UNHASHED,
  UNREADABLE,
} from "./entries.ts"
import { isOfObject, type ObjectHashes } from "./object-hashes.ts"

/** The format of a manifest. In format 1, objects had no hash. */
const FORMAT = 2
/** The name of the manifest, which only a complete backup has. */
export const MANIFEST = "manifest.json"
export const CONTENTS = "contents.txt"
/** The lock file of a backup that is being written. The writing process holds the lock. */
export const BACKUP_LOCK = "backup.lock"
const UNLISTED = new Set([MANIFEST, CONTENTS, BACKUP_LOCK])
/** The option to restore a backup although the content of some objects was altered. */
const ACCEPT_DAMAGED = "--accept-damaged-objects"
/** An error message names at most this many files. */
const NAMED = 3

export const Manifest = z.object({
  format: z.int(),
  /** Missing in backups made by 0.1.0. */
  id: z.uuid().optional(),
  installationId: z.uuid().optional(),
  /** Set if the backup contains only the database, copied before an update of Lapse changed it. */
  beforeUpdate: z
    .object({
      /** The version of Lapse before the update. */
      version: z.string().nullable(),
      migration: z.string(),
    })
    .optional(),
  /** The version of Lapse that made the backup. */
  version: z.string(),
  /** A time shortly before the backup's snapshot, by the database's clock. */
  takenAt: z.iso.datetime(),
  /** The contents of the database; null if it is not embedded. */
  database: z
    .object({ members: z.int(), shares: z.int(), files: z.int(), fileBytes: z.int() })
    .nullable(),
  hasObjects: z.boolean(),
  contents: z.object({ files: z.int(), bytes: z.int(), sha256: z.string() }),
})
export type Manifest = z.infer<typeof Manifest>

export type Taken = Omit<Manifest, "format" | "contents">

type Objects = {
  hashes: ObjectHashes
  /** Called for an object that cannot be read or whose size has changed. */
  onDamagedObject: (name: string) => void
}

/**
 * Writes the list of the directory's files, and the manifest that completes the backup. The caller
 * then syncs and renames the directory.
 */
export async function writeManifest(
  directory: string,
  taken: Taken,
  { hashes, onDamagedObject }: Objects,
): Promise<Manifest> {
  const summary = { files: 0, bytes: 0 }
  const hash = createHash("sha256")
  async function* lines() {
    for (const name of listed(directory)) {
      const { size } = fs.statSync(path.join(directory, name))
      const entry = isOfObject(name)
        ? await hashes.entryOf(name)
        : { name, bytes: size, sha256: await hashFile(path.join(directory, name)) }
      if (entry.bytes !== size || entry.sha256 === UNHASHED) onDamagedObject(name)
      const line = lineOf(entry)
      summary.files++
      summary.bytes += entry.bytes
      hash.update(line)
      yield line
    }
  }
  const file = fs.createWriteStream(path.join(directory, CONTENTS), { mode: 0o600 })
  await pipeline(Readable.from(lines()), file)
  const contents = { ...summary, sha256: hash.digest("hex") }
  const manifest = { format: FORMAT, ...taken, contents }
  const text = `${JSON.stringify(manifest, undefined, 2)}\n`
  fs.writeFileSync(path.join(directory, MANIFEST), text, { mode: 0o600 })
  return manifest
}

/** Reads a backup's manifest. Throws a SetupError if there is none, or one of a newer format. */
export function readManifest(directory: string): Manifest {
  const file = path.join(directory, MANIFEST)
  if (!fs.existsSync(file)) {
    throw new SetupError(
      `${directory} is not a whole backup (it has no ${MANIFEST}): name a directory that \`lapse backup\` has finished.`,
    )
  }
  const manifest = Manifest.safeParse(jsonOrNull(fs.readFileSync(file, "utf8")))
  if (manifest.success && manifest.data.format <= FORMAT) return manifest.data
  throw new SetupError(
    manifest.success
      ? `${file} has format ${manifest.data.format}, which this Lapse does not know: restore it with the version that made it (${manifest.data.version}).`
      : `${file} is damaged: take another backup.`,
  )
}

/** Returns the manifest of a directory; null if it is not a complete backup. */
export function findManifest(directory: string): Manifest | null {
  try {
    return readManifest(directory)
  } catch (error) {
    if (error instanceof SetupError) return null
    throw error
  }
}

export type Checking = {
  /** Called for an object whose bytes were altered; without it, altered objects throw too. */
  onDamagedObject?: ((name: string) => void) | undefined
}

export type Checked = {
  /** The number of object files that were compared by size, because they have no hash. */
  comparedBySize: number
}

/** Compares a backup with its list. Throws a SetupError that names the files that differ. */
export async function verifyContents(
  directory: string,
  { contents }: Manifest,
  { onDamagedObject }: Checking = {},
): Promise<Checked> {
  const list = path.join(directory, CONTENTS)
  if (!fs.existsSync(list)) throw isDamaged(directory, [`${CONTENTS} is missing`])
  if ((await hashFile(list)) !== contents.sha256)
    throw isDamaged(directory, [`${CONTENTS} is not as it was`])

  const differences = { first: [] as string[], count: 0 }
  const differs = (sentence: string) => {
    if (differences.count++ < NAMED) differences.first.push(sentence)
  }
  let damagedObjects = 0
  let comparedBySize = 0
  for await (const { name, entry, isThere } of pairByName(readEntries(list), listed(directory))) {
    if (!entry) differs(`${name} does not belong to it`)
    else if (!isThere) differs(`${name} is missing`)
    else if (!(await isAsItWas(path.join(directory, name), entry))) {
      if (isOfObject(name)) damagedObjects++
      if (onDamagedObject && isOfObject(name)) onDamagedObject(name)
      else differs(`${name} is not as it was`)
    } else if (entry.sha256 === UNHASHED) comparedBySize++
  }
  if (differences.count > 0) {
    const { first, count } = differences
    throw isDamaged(directory, first, {
      more: count - first.length,
      mayAccept: count === damagedObjects,
    })
  }
  return { comparedBySize }
}

function isDamaged(
  directory: string,
  differences: string[],
  { more, mayAccept } = { more: 0, mayAccept: false },
) {
  const others = more > 0 ? `, and ${more} more differ` : ""
  const accept = mayAccept
    ? ` If there is none, restore it with ${ACCEPT_DAMAGED}: everything else is whole.`
    : ""
  return new SetupError(
    `${directory} is damaged: ${differences.join(", ")}${others}. Restore another backup, or copy this one again from where it is whole.${accept}`,
  )
}

function* listed(directory: string) {
  for (const name of listNames(directory)) if (!UNLISTED.has(name)) yield name
}

async function isAsItWas(file: string, { bytes, sha256 }: Entry) {
  if (fs.statSync(file).size !== bytes) return false
  if (sha256 === UNHASHED) return true
  try {
    return (await hashFile(file)) === sha256
  } catch (error) {
    if (codeOf(error) === UNREADABLE) return false
    throw error
  }
}
