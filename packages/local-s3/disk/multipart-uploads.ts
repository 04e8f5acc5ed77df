import { link, mkdir, readdir, rename, rm, unlink } from "node:fs/promises"
import { join } from "node:path"
import { isChecksumAlgorithm } from "../body/checksums.ts"
import { S3Error } from "../s3-error.ts"
import { linkParts, removeBlob } from "./blobs.ts"
import { readJson, syncDirectory, uniqueName, writeSynced } from "./files/durable-files.ts"
import {
  type Bucket,
  bucketPath,
  type Completion,
  type Precondition,
  type RememberedCompletion,
  requireNotDeleted,
  requireUpload,
  type Store,
  type StoredObject,
  type Upload,
  type UploadPart,
  type UploadSettings,
} from "./store.ts"
import { storeObject } from "./stored-objects.ts"

/** How many completed uploads are remembered although their objects were replaced since. */
const MAX_COMPLETIONS = 1000

function uploadPath(store: Store, bucket: Bucket, id: string) {
  return join(bucketPath(store, bucket.name), "uploads", id)
}

function partPath(store: Store, bucket: Bucket, upload: Upload, part: UploadPart) {
  return join(uploadPath(store, bucket, upload.id), partName(part))
}

/** The name of a part's file. It contains all properties of the part: one rename adds it. */
function partName({ number, uploadedAt, size, md5, checksum }: UploadPart) {
  const value = checksum ? Buffer.from(checksum.value, "base64").toString("base64url") : ""
  return [number, uploadedAt, size, md5, checksum?.algorithm ?? "", value].join(".")
}

function parsePartName(name: string): UploadPart | null {
  const [number, uploadedAt, size, md5, algorithm = "", value = ""] = name.split(".")
  if (!md5) return null
  const part = { number: Number(number), uploadedAt: Number(uploadedAt), size: Number(size), md5 }
  if (!isChecksumAlgorithm(algorithm)) return part
  const base64 = Buffer.from(value, "base64url").toString("base64")
  return { ...part, checksum: { algorithm, value: base64 } }
}

export async function addUpload(store: Store, bucket: Bucket, settings: UploadSettings) {
  const id = uniqueName()
  const temporary = join(store.temporaries, uniqueName())
  await mkdir(temporary, { mode: 0o700 })
  await writeSynced(join(temporary, "upload.json"), JSON.stringify(settings))
  await syncDirectory(temporary)
  await rename(temporary, uploadPath(store, bucket, id))
  await syncDirectory(join(bucketPath(store, bucket.name), "uploads"))
  bucket.uploads.set(id, { ...settings, id, parts: new Map() })
  return id
}

type NewPart = Omit<UploadPart, "uploadedAt"> & {
  now: Date
  /** `temporary`: the file is moved. `blob`: it is hard-linked. */
  from: "temporary" | "blob"
  path: string
  /** Throws if the request is too late to change anything. */
  requireInTime: () => void
}

/** Adds a part. It replaces an earlier one of the same number. */
export function addPart(store: Store, bucket: Bucket, upload: Upload, added: NewPart) {
  return withUpload(store, bucket, upload, async () => {
    const { now, from, path, requireInTime, ...rest } = added
    requireInTime()
    requireNotDeleted(store, bucket, upload.key)
    const previous = upload.parts.get(added.number)
    const uploadedAt = Math.max(now.getTime(), (previous?.uploadedAt ?? 0) + 1)
    const part: UploadPart = { ...rest, uploadedAt }
    const target = partPath(store, bucket, upload, part)
    await (from === "temporary" ? rename(path, target) : link(path, target))
    await syncDirectory(uploadPath(store, bucket, upload.id))
    upload.parts.set(part.number, part)
    if (previous) await unlink(partPath(store, bucket, upload, previous))
    return part
  })
}

type Assembly = {
  parts: UploadPart[]
  object: Omit<StoredObject, "blob" | "uploadId">
  requirePrecondition: Precondition
}

/**
 * Turns the selected parts into the object by hard links, without copying, and ends the upload.
 * Returns the earlier result if the upload was already completed.
 */
export function assembleUpload(
  store: Store,
  bucket: Bucket,
  { key, id }: { key: string; id: string },
  select: (upload: Upload) => Assembly,
): Promise<Completion> {
  return withUploadLock(store, id, async () => {
    const completion = findCompletion(bucket, key, id)
    if (completion) return completion
    const upload = requireUpload(bucket, key, id)
    const { parts, object, requirePrecondition } = select(upload)
    requirePrecondition(bucket.objects.get(upload.key))
    const paths = parts.map((part) => partPath(store, bucket, upload, part))
    const blob = await linkParts(store.blobs, paths)
    try {
      const stored = { ...object, blob, uploadId: upload.id }
      await storeObject(store, bucket, upload.key, stored, requirePrecondition)
    } catch (error) {
      if (error instanceof S3Error) await removeBlob(store.blobs, blob)
      throw error
    }
    rememberCompletion(bucket, id, { key, etag: object.etag, checksum: object.checksum })
    await removeFiles(store, bucket, upload)
    return object
  })
}

/** Returns the result of a completed upload, even after its object was replaced. */
export function findCompletion(bucket: Bucket, key: string, id: string): Completion | undefined {
  const object = bucket.objects.get(key)
  if (!object) return undefined
  if (object.uploadId === id) return object
  const remembered = bucket.completions.get(id)
  return remembered?.key === key ? remembered : undefined
}

function rememberCompletion({ completions }: Bucket, id: string, completion: RememberedCompletion) {
  completions.set(id, completion)
  const [oldest] = completions.keys()
  if (completions.size > MAX_COMPLETIONS && oldest) completions.delete(oldest)
}

export function removeUpload(store: Store, bucket: Bucket, upload: Upload) {
  return withUpload(store, bucket, upload, () => removeFiles(store, bucket, upload))
}

async function removeFiles(store: Store, bucket: Bucket, upload: Upload) {
  const temporary = join(store.temporaries, uniqueName())
  await rename(uploadPath(store, bucket, upload.id), temporary)
  bucket.uploads.delete(upload.id)
  await syncDirectory(join(bucketPath(store, bucket.name), "uploads"))
  await rm(temporary, { recursive: true, force: true })
}

/** Runs one change of an upload at a time. Refuses with NoSuchUpload once it has ended. */
function withUpload<Result>(
  store: Store,
  bucket: Bucket,
  upload: Upload,
  change: () => Promise<Result>,
) {
  return withUploadLock(store, upload.id, () => {
    requireUpload(bucket, upload.key, upload.id)
    return change()
  })
}

function withUploadLock<Result>(store: Store, id: string, change: () => Promise<Result>) {
  return store.withLock(`upload ${id}`, async () => change())
}

/** Reads the open uploads of a bucket and removes those that became an object before a crash. */
export async function loadUploads(bucketDirectory: string, completed: ReadonlySet<string>) {
  const uploads = new Map<string, Upload>()
  const directory = join(bucketDirectory, "uploads")
  for (const id of await readdir(directory)) {
    const path = join(directory, id)
    if (completed.has(id)) {
      await rm(path, { recursive: true, force: true })
      continue
    }
    const settings: UploadSettings = readJson(join(path, "upload.json"))
    uploads.set(id, { ...settings, id, parts: await loadParts(path) })
  }
  return uploads
}

async function loadParts(path: string) {
  const parts = new Map<number, UploadPart>()
  for (const name of await readdir(path)) {
    const part = parsePartName(name)
    if (!part) continue
    const other = parts.get(part.number)
    const [newer, older] =
      other && other.uploadedAt > part.uploadedAt ? [other, part] : [part, other]
    parts.set(part.number, newer)
    if (older) await rm(join(path, partName(older)), { force: true })
  }
  return parts
}
