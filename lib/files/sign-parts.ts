import "server-only"
import type { MemberId } from "#lib/accounts/member.ts"
import { Refusal } from "#lib/errors.ts"
import { presignPart } from "#lib/storage.ts"
import { beginParts } from "./begin-parts.ts"
import type { PartsInput } from "./file.ts"
import { partBytes, partCountOf } from "./part-sizes.ts"
import { extendUpload, inOnePut, takesNoBytes } from "./uploading.ts"

export type SignedPart = { partNumber: number; url: string; headers: Record<string, string> }

/**
 * PUTs for some parts of an upload, each of its one size and, where the store verifies them, its one
 * SHA-256. Refuses `invalid` for parts the file does not have and for a hash left out, `conflict`
 * for an upload in one PUT.
 */
export async function signParts(
  owner: MemberId,
  id: string,
  { partNumbers, sha256 = {} }: PartsInput,
): Promise<{ parts: SignedPart[] }> {
  const uploading = await extendUpload(owner, id)
  if (!uploading) throw await takesNoBytes(owner, id)
  if (uploading.partSize === null) throw inOnePut(uploading)
  const { name, key } = uploading
  const parts = { size: Number(uploading.size), partSize: Number(uploading.partSize) }
  refuseUnknown(partNumbers, name, partCountOf(parts))
  const { uploadId, checksums } = await begun(uploading)
  if (checksums) refuseWithoutHash(partNumbers, name, sha256)

  const sign = async (partNumber: number) => ({
    partNumber,
    ...(await presignPart({
      ...{ key, uploadId, partNumber, size: partBytes(parts, partNumber) },
      sha256: checksums ? sha256[partNumber] : undefined,
    })),
  })
  return { parts: await Promise.all(partNumbers.map(sign)) }
}

/** The upload at the store; one whose beginning was interrupted begins now. */
async function begun(uploading: Parameters<typeof beginParts>[0]) {
  const { uploadId, checksums } = uploading
  return uploadId ? { uploadId, checksums } : beginParts(uploading)
}

function refuseUnknown(partNumbers: number[], name: string, count: number) {
  const unknown = partNumbers.find((number) => number > count)
  if (unknown === undefined) return
  throw new Refusal(
    "invalid",
    `“${name}” has ${count === 1 ? "one part" : `${count} parts`}: there is no part ${unknown}.`,
    { field: "partNumbers" },
  )
}

function refuseWithoutHash(partNumbers: number[], name: string, sha256: Record<string, string>) {
  const without = partNumbers.find((number) => !sha256[number])
  if (without === undefined) return
  throw new Refusal("invalid", `Part ${without} of “${name}” was asked for without its SHA-256.`, {
    field: "sha256",
  })
}
