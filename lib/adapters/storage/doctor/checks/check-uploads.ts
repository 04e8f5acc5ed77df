import "server-only"
import type { Found } from "#lib/adapters/findings/finding.ts"
import {
  completeRefusesOverwrite,
  largestUpload,
  MAX_PARTS,
  maxParts,
  refusesOverwrite,
  verifiesPartSha256,
  verifiesSha256,
} from "#lib/adapters/storage/capabilities.ts"
import { ask, codeIn } from "#lib/adapters/storage/doctor/answers.ts"
import type { Probe } from "#lib/adapters/storage/doctor/probe.ts"
import { headObject } from "#lib/adapters/storage/objects.ts"
import { presignOwnGet, presignPart, presignPut } from "#lib/adapters/storage/presign.ts"
import {
  abortMultipart,
  completeMultipart,
  listParts,
} from "#lib/adapters/storage/uploads/multipart.ts"

const PART_BYTES = 7

/** Checks whether an upload is refused if its length differs from the signed one. */
export async function checkSignedLength(probe: Probe): Promise<Found<"signed_length">> {
  const key = probe.newKey()
  const { url, headers } = await presignPut({
    key,
    size: 3,
    contentType: "text/plain",
    signedAt: await probe.now(),
  })
  // Not reused, because a store that refuses without reading the body closes the connection.
  const sent = { ...headers, connection: "close" }
  const { status } = await ask(url, { method: "PUT", headers: sent, body: "four" })
  const isStored = (await headObject(key)) !== null
  if (status >= 400 && !isStored) return { state: "ok", code: "ok" }
  return { state: "fail", code: "ignored" }
}

export const checkOverwrite = async (): Promise<Found<"overwrite">> =>
  (await refusesOverwrite()) ? { state: "ok", code: "ok" } : { state: "warn", code: "ignored" }

export const checkCompleteOverwrite = async (): Promise<Found<"complete_overwrite">> =>
  (await completeRefusesOverwrite())
    ? { state: "ok", code: "ok" }
    : { state: "warn", code: "ignored" }

/** Checks whether the store compares bytes with their SHA-256. */
export async function checkChecksums(): Promise<Found<"checksums">> {
  const [ofUploads, ofParts] = [await verifiesSha256(), await verifiesPartSha256()]
  if (ofUploads && ofParts) return { state: "ok", code: "ok" }
  if (ofUploads) return { state: "warn", code: "not_parts" }
  return { state: "warn", code: ofParts ? "not_uploads" : "none" }
}

/** Checks whether the store lists a part and forgets it after an abort, and how many it allows. */
export async function checkListParts(probe: Probe): Promise<Found<"list_parts">> {
  const { key, uploadId } = await probe.beginUpload()
  const part = { key, uploadId, partNumber: 1, size: PART_BYTES, signedAt: await probe.now() }
  const { url, headers } = await presignPart(part)
  const put = await ask(url, { method: "PUT", headers, body: "7 bytes" })
  if (put.status !== 200)
    return { state: "fail", code: "failed", values: { reason: `${codeIn(put)} for a part` } }
  const [listed] = (await listParts(key, uploadId)) ?? []
  await abortMultipart(key, uploadId)
  const isForgotten = (await listParts(key, uploadId)) === null
  if (listed?.size !== PART_BYTES || !isForgotten) return { state: "fail", code: "wrong" }
  const parts = await maxParts()
  if (parts === MAX_PARTS) return { state: "ok", code: "ok" }
  return { state: "ok", code: "few", values: { parts, largest: { bytes: await largestUpload() } } }
}

/** Checks whether sending a part again by its URL changes an object that is complete. */
export async function checkLateParts(probe: Probe): Promise<Found<"late_parts">> {
  const { key, uploadId } = await probe.beginUpload()
  const signedAt = await probe.now()
  const part = { key, uploadId, partNumber: 1, size: PART_BYTES, signedAt }
  const { url, headers } = await presignPart(part)
  const put = (body: string) => ask(url, { method: "PUT", headers, body })
  await put("7 bytes")
  await completeMultipart(key, uploadId, (await listParts(key, uploadId)) ?? [])
  await put("7 other")
  const read = await ask(await presignOwnGet(key, null, signedAt)).catch(() => null)
  if (read?.text === "7 bytes") return { state: "ok", code: "ok" }
  return { state: "fail", code: "harmful", values: { status: read ? codeIn(read) : "no answer" } }
}
