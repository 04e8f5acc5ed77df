import { constants } from "node:fs"
import { copyFile, link, mkdir, readdir, rm, stat } from "node:fs/promises"
import { join } from "node:path"

/**
 * Updates a copy of a store's directory while the store runs, or creates the copy. The copy has
 * every object that the store had when the call began, except those deleted or replaced meanwhile.
 * If it is called twice, deletions need to wait only during the second call. Bytes never change, so
 * they are hard links if both directories are on one file system. The caller syncs the copy.
 */
export async function copyStore(from: string, to: string): Promise<void> {
  await mkdir(join(to, "tmp"), { recursive: true, mode: 0o700 })
  await mkdir(join(to, "buckets"), { recursive: true, mode: 0o700 })
  const buckets = await listDirectory(join(from, "buckets"))
  // In this order, an upload that is completed meanwhile is copied as an upload, an object or both.
  // A start then removes the upload. Blobs come last, because a blob exists before its object.
  for (const bucket of buckets) await copyUploads(bucketOf(from, bucket), bucketOf(to, bucket))
  for (const bucket of buckets) await copyBucket(bucketOf(from, bucket), bucketOf(to, bucket))
  await removeOthers(join(to, "buckets"), buckets)
  await copyDirectory(join(from, "blobs"), join(to, "blobs"), linkOrCopy)
}

const bucketOf = (directory: string, bucket: string) => join(directory, "buckets", bucket)

async function copyBucket(from: string, to: string) {
  await copy(join(from, "bucket.json"), join(to, "bucket.json"))
  await copyDirectory(join(from, "objects"), join(to, "objects"), copy)
  if (!(await exists(from))) await rm(to, { recursive: true, force: true })
}

/** Copies open uploads except those that end meanwhile, because half of one would not open. */
async function copyUploads(fromBucket: string, toBucket: string) {
  const from = join(fromBucket, "uploads")
  const to = join(toBucket, "uploads")
  await mkdir(to, { recursive: true, mode: 0o700 })
  const uploads = await listDirectory(from)
  for (const id of uploads) {
    await copyDirectory(join(from, id), join(to, id), linkOrCopy)
    if (!(await exists(join(from, id)))) await rm(join(to, id), { recursive: true, force: true })
  }
  await removeOthers(to, uploads)
}

type CopyOne = (from: string, to: string) => Promise<void>

async function copyDirectory(from: string, to: string, copyOne: CopyOne) {
  await mkdir(to, { recursive: true, mode: 0o700 })
  const entries = await ignoringMissing(readdir(from, { withFileTypes: true }), [])
  for (const entry of entries) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyDirectory(source, target, copyOne)
    else await copyOne(source, target)
  }
  const names = entries.map(({ name }) => name)
  await removeOthers(to, names)
}

async function removeOthers(directory: string, names: string[]) {
  const kept = new Set(names)
  for (const name of await readdir(directory))
    if (!kept.has(name)) await rm(join(directory, name), { recursive: true, force: true })
}

/** Copies a file that the store only replaces by renames: the copy is the old or the new one. */
async function copy(from: string, to: string) {
  await ignoringMissing(copyFile(from, to, constants.COPYFILE_FICLONE), undefined)
}

/** Links or copies a file that never changes once it has its name. */
async function linkOrCopy(from: string, to: string) {
  try {
    await link(from, to)
  } catch (error) {
    if (hasCode(error, ["ENOENT"])) return
    // It was copied before, or the file cannot be linked: the file system is another one, has no
    // links or has too many, or the file belongs to another user.
    if (!hasCode(error, ["EEXIST", "EXDEV", "EPERM", "EMLINK", "ENOTSUP", "EOPNOTSUPP"]))
      throw error
    if (!(await isComplete(from, to))) await copy(from, to)
  }
}

async function isComplete(from: string, to: string) {
  const [source, target] = await Promise.all([
    ignoringMissing(stat(from), undefined),
    ignoringMissing(stat(to), undefined),
  ])
  return source?.size === target?.size
}

const exists = (path: string) =>
  ignoringMissing(
    stat(path).then(() => true),
    false,
  )

const listDirectory = (path: string) => ignoringMissing(readdir(path), [])

async function ignoringMissing<Result, Other>(work: Promise<Result>, otherwise: Other) {
  try {
    return await work
  } catch (error) {
    if (hasCode(error, ["ENOENT"])) return otherwise
    throw error
  }
}

function hasCode(error: unknown, codes: string[]) {
  return error instanceof Error && "code" in error && codes.includes(String(error.code))
}
