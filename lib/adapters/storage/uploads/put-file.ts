import "server-only"
import type { FileHandle } from "node:fs/promises"
import { type CompletedPart, PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3"
import { long } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { maxParts } from "#lib/adapters/storage/capabilities.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"
import { inParts } from "./in-parts.ts"

const MIB = 1024 ** 2
/** Files up to this size are sent in one PUT, larger ones in parts of at least this size. */
export const MIN_FILE_PART_BYTES = 16 * MIB

type Sending = { key: string; file: FileHandle; size: number; contentType: string }

/** Stores a file of this machine. Throws, and stores nothing, if it is shorter than its size. */
export async function putFile(sending: Sending): Promise<void> {
  const { key, file, size, contentType } = sending
  if (size > MIN_FILE_PART_BYTES) return putParts(sending)
  const Body = await readExactly(file, 0, size)
  await storageClient().s3.send(
    new PutObjectCommand({ ...inBucket(key), Body, ContentType: contentType }),
    long(),
  )
}

async function putParts({ key, file, size, contentType }: Sending) {
  const partSize = Math.max(MIN_FILE_PART_BYTES, Math.ceil(size / (await maxParts())))
  await inParts(key, { ContentType: contentType }, async (upload) => {
    const parts: CompletedPart[] = []
    for (let at = 0; at < size; at += partSize) {
      const PartNumber = parts.length + 1
      const Body = await readExactly(file, at, Math.min(partSize, size - at))
      const part = new UploadPartCommand({ ...upload, PartNumber, Body })
      const { ETag } = await storageClient().s3.send(part, long())
      parts.push({ PartNumber, ETag })
    }
    return parts
  })
}

async function readExactly(file: FileHandle, at: number, bytes: number) {
  const buffer = Buffer.alloc(bytes)
  for (let done = 0; done < bytes; ) {
    const { bytesRead } = await file.read(buffer, done, bytes - done, at + done)
    if (bytesRead === 0) throw new Error("The file became shorter while it was read.")
    done += bytesRead
  }
  return buffer
}
