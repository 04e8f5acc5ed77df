import { link, mkdir, readdir, rename, rm, unlink } from "node:fs/promises"
import { join } from "node:path"
import { type Checksum, type ChecksumAlgorithm, isChecksumAlgorithm } from "../checksums.ts"
import { S3Error } from "../s3-error.ts"
import { linkParts, removeBlob } from "./blobs.ts"
import { type Bucket, bucketPath, writeInto } from "./buckets.ts"
import { readJson, syncDirectory, uniqueName, writeSynced } from "./durable.ts"
import { putObject, type StoredObject } from "./objects.ts"
import type { Store } from "./store.ts"

/** A part that has arrived whole; everything about it is in its file's name, so one rename adds it. */
export type UploadPart = {
  number: number
  uploadedAt: number
  size: number
  md5: string
  checksum?: Checksum
}

export type UploadSettings = {
  key: string
  initiatedAt: number
  headers: Record<string, string>
  metadata: Record<string, string>
  checksumAlgorithm?: ChecksumAlgorithm
  checksumType?: "FULL_OBJECT" | "COMPOSITE"
}

export type Upload = UploadSettings & { id: string; parts: Map<number, UploadPart> }

function uploadPath(store: Store, bucket: Bucket, id: string) {
  return join(bucketPath(store, bucket.name), "uploads", id)
}

function partPath(store: Store, bucket: Bucket, upload: Upload, part: UploadPart) {
  return join(uploadPath(store, bucket, upload.id), partName(part))
}

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

export function requireUpload(bucket: Bucket, key: string, id: string) {
  const upload = bucket.uploads.get(id)
  if (upload?.key !== key) throw new S3Error("NoSuchUpload", undefined, { UploadId: id })
  return upload
}

export function createUpload(store: Store, bucket: Bucket, settings: UploadSettings) {
  return writeInto(store, bucket, async () => {
    const id = uniqueName()
    const temporary = join(store.temporaries, uniqueName())
    await mkdir(temporary, { mode: 0o700 })
    await writeSynced(join(temporary, "upload.json"), JSON.stringify(settings))
    await syncDirectory(temporary)
    await rename(temporary, uploadPath(store, bucket, id))
    await syncDirectory(join(bucketPath(store, bucket.name), "uploads"))
    bucket.uploads.set(id, { ...settings, id, parts: new Map() })
    return id
  })
}

type NewPart = Omit<UploadPart, "uploadedAt"> & { now: Date; from: "draft" | "blob"; path: string }

/** Adds a part, in place of an earlier one of its number: a draft moves, a blob's file is linked. */
export function addPart(store: Store, bucket: Bucket, upload: Upload, added: NewPart) {
  return serialUpload(store, bucket, upload, async () => {
    const { now, from, path, ...rest } = added
    const previous = upload.parts.get(added.number)
    const uploadedAt = Math.max(now.getTime(), (previous?.uploadedAt ?? 0) + 1)
    const part: UploadPart = { ...rest, uploadedAt }
    const target = partPath(store, bucket, upload, part)
    await (from === "draft" ? rename(path, target) : link(path, target))
    await syncDirectory(uploadPath(store, bucket, upload.id))
    upload.parts.set(part.number, part)
    if (previous) await unlink(partPath(store, bucket, upload, previous))
    return part
  })
}

export type Completion = {
  parts: UploadPart[]
  object: Omit<StoredObject, "blob" | "uploadId">
  check: (current: StoredObject | undefined) => void
}

/** Turns chosen parts into the object without moving a byte, then forgets the upload. */
export function completeUpload(
  store: Store,
  bucket: Bucket,
  upload: Upload,
  choose: () => Completion,
) {
  return serialUpload(store, bucket, upload, async () => {
    const { parts, object, check } = choose()
    check(bucket.objects.get(upload.key))
    const paths = parts.map((part) => partPath(store, bucket, upload, part))
    const blob = await linkParts(store.blobs, paths)
    try {
      await putObject(store, bucket, upload.key, { ...object, blob, uploadId: upload.id }, check)
    } catch (error) {
      if (error instanceof S3Error) await removeBlob(store.blobs, blob)
      throw error
    }
    await forgetUpload(store, bucket, upload)
    return object
  })
}

export function abortUpload(store: Store, bucket: Bucket, upload: Upload) {
  return serialUpload(store, bucket, upload, () => forgetUpload(store, bucket, upload))
}

async function forgetUpload(store: Store, bucket: Bucket, upload: Upload) {
  const temporary = join(store.temporaries, uniqueName())
  await rename(uploadPath(store, bucket, upload.id), temporary)
  bucket.uploads.delete(upload.id)
  await syncDirectory(join(bucketPath(store, bucket.name), "uploads"))
  await rm(temporary, { recursive: true, force: true })
}

/** One change of an upload at a time; NoSuchUpload once it was completed or aborted. */
function serialUpload<Result>(
  store: Store,
  bucket: Bucket,
  upload: Upload,
  change: () => Promise<Result>,
) {
  return store.serially(`upload ${upload.id}`, () =>
    writeInto(store, bucket, async () => {
      requireUpload(bucket, upload.key, upload.id)
      return change()
    }),
  )
}

/** Reads the open uploads of a bucket; those that became an object before a crash are removed. */
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
