import "server-only"
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3"
import { long } from "#lib/adapters/storage/calls/store-timeouts.ts"
import { inBucket, storageClient } from "#lib/adapters/storage/storage-client.ts"

export type Upload = ReturnType<typeof inBucket> & { UploadId: string | undefined }

/** Stores an object in parts. Aborts the multipart upload if that fails. */
export async function inParts(
  key: string,
  create: Omit<CreateMultipartUploadCommandInput, "Bucket" | "Key">,
  sendParts: (upload: Upload) => Promise<CompletedPart[]>,
): Promise<void> {
  const { s3 } = storageClient()
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...inBucket(key), ...create }),
  )
  const upload = { ...inBucket(key), UploadId }
  try {
    const MultipartUpload = { Parts: await sendParts(upload) }
    await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload }), long())
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => {})
    throw error
  }
}
