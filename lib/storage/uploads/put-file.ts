import "server-only"
import type { FileHandle } from "node:fs/promises"
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3"
import { STORE_TIMEOUTS } from "#lib/storage/calls/store-timeouts.ts"
import { inBucket, storageClient } from "#lib/storage/storage-client.ts"

const MIB = 1024 ** 2
/** A file up to this size is sent by one PUT, a larger one in parts of at least this size. */
export const MIN_FILE_PART_BYTES = 16 * MIB
const MAX_PARTS = 10_000

type Sending = { key: string; file: FileHandle; size: number; contentType: string }

/**
 * Stores a file of this machine. Throws if the file ends before its size; then nothing is stored.
 */
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
  const { s3 } = storageClient()
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...inBucket(key), ContentType: contentType }),
  )
  const upload = { ...inBucket(key), UploadId }
  const partSize = Math.max(MIN_FILE_PART_BYTES, Math.ceil(size / MAX_PARTS))
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = []
    for (let at = 0; at < size; at += partSize) {
      const PartNumber = Parts.length + 1
      const Body = await readExactly(file, at, Math.min(partSize, size - at))
      const { ETag } = await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }), long())
      Parts.push({ PartNumber, ETag })
    }
    await s3.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
      long(),
    )
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
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

/** The timeouts of calls for which no user's request waits. */
const long = () => ({
  requestTimeout: STORE_TIMEOUTS.long,
  abortSignal: AbortSignal.timeout(STORE_TIMEOUTS.long),
})
