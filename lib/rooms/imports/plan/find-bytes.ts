import "server-only"
import { constants } from "node:fs"
import { type FileHandle, open, realpath } from "node:fs/promises"
import path from "node:path"
import { codeOf } from "#lib/adapters/errors.ts"
import { headObject } from "#lib/adapters/storage.ts"
import type { SourceFile } from "#lib/rooms/imports/sources/source.ts"

/** The bytes of a file, at the place where the app stored them. */
export type Bytes =
  | { in: "directory"; name: string }
  | { in: "bucket"; bucket: string; key: string }

export type Places = {
  /** The app's directory. Nothing outside of it is read. */
  root: string
  /** The app's bucket in Lapse's store. The default is the one named in the app's database. */
  bucket: string | null
}

/** Finds the bytes of a file. If they are not there with the expected size, returns the reason. */
export async function findBytes(
  { place, size }: SourceFile,
  { root, bucket }: Places,
): Promise<Bytes | { why: string }> {
  for (const name of place.paths) {
    const file = await openInside(root, name)
    if (!file) continue
    const { size: found } = await file.stat().finally(() => file.close())
    return found === size ? { in: "directory", name } : otherSize(found, size)
  }
  const from = bucket ?? place.object?.bucket
  if (!place.object || !from) return { why: place.object ? NO_BUCKET : MISSING }
  const { key } = place.object
  const head = await headObject(key, from)
  if (!head) return { why: `the bucket ${from} has no object of it` }
  if (head.size !== size) return otherSize(head.size, size)
  return { in: "bucket", bucket: from, key }
}

const MISSING = "the directory has no bytes of it"
const NO_BUCKET =
  "its bytes are in a bucket: copy its objects into the directory, or name it by --bucket if it is in the store of Lapse"

const otherSize = (found: number, size: number) => ({
  why: `it has ${found} bytes in place of ${size}: it is damaged, or encrypted by the app`,
})

/**
 * Opens a regular file below a directory. Returns null if there is none, or if the path or a link
 * leads out of the directory, because the paths come from a database that Lapse did not write.
 */
export async function openInside(root: string, name: string): Promise<FileHandle | null> {
  if (name.includes("\0")) return null
  try {
    const inside = await realpath(root)
    const found = await realpath(path.join(inside, name))
    if (!found.startsWith(`${inside}${path.sep}`)) return null
    // not blocking, because opening a pipe would wait for its writer
    const handle = await open(
      found,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    )
    if ((await handle.stat()).isFile()) return handle
    await handle.close()
    return null
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

const isMissing = (error: unknown) =>
  ["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "ENXIO"].includes(codeOf(error))
