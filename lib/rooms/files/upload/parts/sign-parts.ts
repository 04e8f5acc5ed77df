import "server-only"
import { requireUploadRoom } from "#lib/adapters/host/disk-room.ts"
import { presignPart } from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import type { PartsInput, SignedPart } from "#lib/rooms/files/file.ts"
import { extendUpload, notMultipart, notPending } from "#lib/rooms/files/upload/pending-upload.ts"
import { beginMultipart } from "./begin-multipart.ts"
import { partBytes, partCountOf } from "./part-sizes.ts"

/**
 * Signs PUTs for some parts of an upload. Each allows one size and, if the store verifies
 * checksums, one SHA-256. Refuses (invalid) parts that the file does not have and a missing hash,
 * (conflict) an upload by one PUT, and `storage_full` if the disk has no room for one of the parts.
 */
export async function signParts(
  owner: MemberId,
  id: string,
  { partNumbers, sha256 = {} }: PartsInput,
): Promise<{ parts: SignedPart[] }> {
  const pending = await extendUpload(owner, id)
  if (!pending) throw await notPending(owner, id)
  if (pending.partSize === null) throw notMultipart(pending)
  const { name, key, signedAt } = pending
  const parts = { size: Number(pending.size), partSize: Number(pending.partSize) }
  refuseUnknown(partNumbers, name, partCountOf(parts))
  requireUploadRoom(Math.max(...partNumbers.map((number) => partBytes(parts, number))))
  const { uploadId, checksums } = await begun(pending)
  if (checksums) refuseWithoutHash(partNumbers, name, sha256)

  const sign = async (partNumber: number) => ({
    partNumber,
    ...(await presignPart({
      key,
      uploadId,
      partNumber,
      signedAt,
      size: partBytes(parts, partNumber),
      sha256: checksums ? sha256[partNumber] : undefined,
    })),
  })
  return { parts: await Promise.all(partNumbers.map(sign)) }
}

async function begun(pending: Parameters<typeof beginMultipart>[0]) {
  const { uploadId, checksums } = pending
  return uploadId ? { uploadId, checksums } : beginMultipart(pending)
}

function refuseUnknown(partNumbers: number[], name: string, count: number) {
  const unknown = partNumbers.find((number) => number > count)
  if (unknown === undefined) return
  const values = { name, count, part: unknown }
  throw refusal("invalid", "no_part", values, { field: "partNumbers" })
}

function refuseWithoutHash(partNumbers: number[], name: string, sha256: Record<string, string>) {
  const without = partNumbers.find((number) => !sha256[number])
  if (without === undefined) return
  throw refusal("invalid", "part_unhashed", { part: without, name }, { field: "sha256" })
}
