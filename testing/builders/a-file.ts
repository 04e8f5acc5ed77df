import { createHash, randomBytes } from "node:crypto"
import { db } from "#lib/adapters/database.ts"
import type { PersonId } from "#lib/rooms/accounts/member.ts"
import type { FileInput, FileView, UploadView } from "#lib/rooms/files/file.ts"
import { startThumbnail } from "#lib/rooms/files/thumbnails/start-thumbnail.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import { startUpload } from "#lib/rooms/files/upload/start-upload.ts"
import { aMember } from "./a-member.ts"
import { acting } from "./acting.ts"

type Wanted = { owner?: PersonId; name?: string; contentType?: string; bytes?: string }
type Started = { owner: PersonId; file: FileView; bytes: string; put: () => Promise<Response> }

/** A file whose upload was started. `put` sends its bytes to the store and may be called again. */
export async function aStartedFile(wanted: Wanted = {}): Promise<Started> {
  const owner = wanted.owner ?? (await aMember())
  const { name = "report.pdf", contentType = "application/pdf", bytes = "some bytes" } = wanted
  const size = Buffer.byteLength(bytes)
  const { file, upload } = await startUpload(acting(owner), { name, contentType, size })
  const { url, headers } = await onlyAddress(owner, file.id, upload)
  return { owner, file, bytes, put: () => fetch(url, { method: "PUT", headers, body: bytes }) }
}

/** The address for all bytes of a small file: one PUT, or one part on a store that overwrites. */
export async function onlyAddress(owner: PersonId, fileId: string, upload: UploadView) {
  if (upload.method === "put") return upload
  const { parts } = await signParts(owner, fileId, { partNumbers: [1] })
  const [part] = parts
  if (!part || upload.partCount > 1) throw new Error("The file has more than one part.")
  return part
}

/** A ready file with its bytes in the store. */
export async function aFile(wanted: Wanted = {}): Promise<FileView> {
  const { owner, file, put } = await aStartedFile(wanted)
  const { ok, status } = await put()
  if (!ok) throw new Error(`The store answered ${status}.`)
  return finishUpload(owner, file.id)
}

/** A ready picture without a thumbnail. */
export const aPicture = (owner: PersonId) =>
  aFile({ owner, name: "boat.png", contentType: "image/png" })

/** A WebP of one pixel. */
export const THUMBNAIL = Buffer.from("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==", "base64")

/** Sends the bytes of a thumbnail to the store; announces the size of the one-pixel image. */
export async function sendThumbnail(owner: PersonId, id: string, body = new Uint8Array(THUMBNAIL)) {
  const size = THUMBNAIL.length
  const { upload } = await startThumbnail(owner, id, { size, contentType: "image/webp" })
  return fetch(upload.url, { method: "PUT", headers: upload.headers, body })
}

const PART_BYTES = 8 * 1024 ** 2

/** A started upload in parts of 8 MiB; by default the second part has one byte. */
export async function anUploadInParts({
  owner: known,
  size = PART_BYTES + 1,
  ...input
}: { owner?: PersonId; size?: number } & Partial<FileInput> = {}) {
  const owner = known ?? (await aMember())
  const started = await startUpload(acting(owner), {
    name: "film.mp4",
    contentType: "video/mp4",
    size,
    ...input,
  })
  const { file } = started
  if (started.upload.method === "put") {
    // Only a store that overwrites takes small files in parts; the row makes this one look like it.
    await db.object.updateMany({ where: { fileId: file.id }, data: { partSize: PART_BYTES } })
  }
  const { upload } = await resumeUpload(owner, file.id)
  if (upload.method !== "multipart") throw new Error("expected parts")
  const body = new Uint8Array(randomBytes(size))
  const piece = (number: number) =>
    body.subarray((number - 1) * upload.partSize, number * upload.partSize)
  /** Signs one part. The returned function sends it and may be called again. */
  const sign = async (number: number) => {
    const sha256 = createHash("sha256").update(piece(number)).digest("hex")
    const { parts } = await signParts(owner, file.id, {
      partNumbers: [number],
      ...(upload.checksums ? { sha256: { [number]: sha256 } } : {}),
    })
    const { url = "", headers = {} } = parts[0] ?? {}
    return (sent: Uint8Array<ArrayBuffer> = piece(number)) =>
      fetch(url, { method: "PUT", headers, body: sent })
  }
  const put = async (...numbers: number[]) => {
    for (const number of numbers) {
      const { ok, status } = await (await sign(number))()
      if (!ok) throw new Error(`The store answered ${status}.`)
    }
  }
  const object = () => db.object.findFirstOrThrow({ where: { fileId: file.id } })
  return { owner, file, upload, body, piece, sign, put, object }
}
