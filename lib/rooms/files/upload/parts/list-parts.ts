import "server-only"
import { headObject, listParts as listStoredParts } from "#lib/adapters/storage.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import type { StoredPart } from "#lib/rooms/files/file.ts"
import {
  findUpload,
  notMultipart,
  notPending,
  type PendingUpload,
} from "#lib/rooms/files/upload/pending-upload.ts"
import { beginMultipart } from "./begin-multipart.ts"
import { partBytes, partCountOf } from "./part-sizes.ts"

/**
 * Lists the parts of an unfinished upload that the store has; the client sends the others. If the
 * store aborted it, a new one begins without parts. Refuses (conflict) an upload by one PUT.
 */
export async function listParts(owner: MemberId, id: string): Promise<{ parts: StoredPart[] }> {
  const pending = await findUpload(owner, id)
  if (!pending) throw await notPending(owner, id)
  if (pending.partSize === null) throw notMultipart(pending)
  const { key, uploadId } = pending
  const listed = uploadId ? await listStoredParts(key, uploadId) : null
  if (listed) return { parts: listed.map(({ partNumber, size }) => ({ partNumber, size })) }

  // A crashed call has joined the parts but did not record that, so only `complete` is missing.
  const stored = await headObject(key)
  if (stored) return { parts: allParts(pending, Number(pending.partSize)) }
  await beginMultipart(pending)
  return { parts: [] }
}

function allParts({ size }: PendingUpload, partSize: number): StoredPart[] {
  const parts = { size: Number(size), partSize }
  return Array.from({ length: partCountOf(parts) }, (_, index) => ({
    partNumber: index + 1,
    size: partBytes(parts, index + 1),
  }))
}
