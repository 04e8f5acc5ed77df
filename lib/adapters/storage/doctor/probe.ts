import "server-only"
import { randomBytes } from "node:crypto"
import { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3"
import { PROBE_PREFIX } from "../capabilities.ts"
import { deleteObject, type StoreKind } from "../objects.ts"
import { SIGNER_PROBE_PREFIX, type SignersRefused } from "../probe-signers.ts"
import { inBucket, storageClient } from "../storage-client.ts"
import { inParts } from "../uploads/in-parts.ts"
import { abortMultipart, createMultipart } from "../uploads/multipart.ts"

const BYTES = "a probe of the storage"

/** The tools of the checks of one run. What they write is recorded, and removed at the end. */
export type Probe = {
  now: () => Promise<Date>
  /** Probes the colours again. Returns null if they work, otherwise the fault. */
  probeColours: () => Promise<SignersRefused | null>
  kind: () => StoreKind
  /** Returns an unused key. By default signers cannot read it. */
  newKey: (prefix?: string) => string
  put: (prefix?: string) => Promise<{ key: string; bytes: string }>
  /** Puts a new object as a multipart upload of one part, and returns its key and bytes. */
  putParts: () => Promise<{ key: string; bytes: string }>
  /** Begins a multipart upload, which is aborted at the end. */
  beginUpload: () => Promise<{ key: string; uploadId: string }>
  clean: () => Promise<void>
}

export type Outside = Pick<Probe, "now" | "probeColours">

export function createProbe(outside: Outside, kind: () => StoreKind): Probe {
  const keys: string[] = []
  const uploads: { key: string; uploadId: string }[] = []
  const newKey = (prefix = PROBE_PREFIX) => {
    const key = `${prefix}${randomBytes(16).toString("hex")}`
    keys.push(key)
    return key
  }
  return {
    ...outside,
    kind,
    newKey,
    put: async (prefix) => {
      const key = newKey(prefix)
      await storageClient().s3.send(new PutObjectCommand({ ...inBucket(key), Body: BYTES }))
      return { key, bytes: BYTES }
    },
    putParts: async () => {
      const key = newKey()
      await inParts(key, {}, async (upload) => {
        const part = { ...upload, PartNumber: 1, Body: BYTES }
        const { ETag } = await storageClient().s3.send(new UploadPartCommand(part))
        return [{ PartNumber: 1, ETag }]
      })
      return { key, bytes: BYTES }
    },
    beginUpload: async () => {
      const key = newKey()
      const wanted = { contentType: "text/plain", checksums: false }
      const { uploadId } = await createMultipart(key, wanted)
      uploads.push({ key, uploadId })
      return { key, uploadId }
    },
    // If the store is unreachable or refuses the deletion, sweep-probes.ts removes the rest later.
    clean: async () => {
      await Promise.allSettled(uploads.map(({ key, uploadId }) => abortMultipart(key, uploadId)))
      await Promise.allSettled(keys.map(deleteObject))
    },
  }
}

/** The prefix below which signers may read. */
export const SIGNED_PREFIX = SIGNER_PROBE_PREFIX
