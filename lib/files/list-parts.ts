import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { headObject, listParts as listStoredParts } from "#lib/storage.ts"
import { beginParts } from "./begin-parts.ts"
import { partBytes, partCountOf } from "./part-sizes.ts"
import { findUpload, inOnePut, takesNoBytes, type Uploading } from "./uploading.ts"

export type StoredPart = { partNumber: number; size: number }

/**
 * The parts the store has of an unfinished upload; what is missing may be sent. Where the store gave
 * the upload up, it begins anew with none. Refuses `conflict` for an upload in one PUT.
 */
export async function listParts(owner: MemberId, id: string): Promise<{ parts: StoredPart[] }> {
  const uploading = await findUpload(owner, id)
  if (!uploading) throw await takesNoBytes(owner, id)
  if (uploading.partSize === null) throw inOnePut(uploading)
  const { key, uploadId } = uploading
  const listed = uploadId ? await listStoredParts(key, uploadId) : null
  if (listed) return { parts: listed.map(({ partNumber, size }) => ({ partNumber, size })) }

  // Put together already, by a call that did not live to say so: only `complete` is missing.
  const stored = await headObject(key)
  if (stored) return { parts: allParts(uploading, Number(uploading.partSize)) }
  await beginParts(uploading)
  return { parts: [] }
}

function allParts({ size }: Uploading, partSize: number): StoredPart[] {
  const parts = { size: Number(size), partSize }
  return Array.from({ length: partCountOf(parts) }, (_, index) => ({
    partNumber: index + 1,
    size: partBytes(parts, index + 1),
  }))
}
