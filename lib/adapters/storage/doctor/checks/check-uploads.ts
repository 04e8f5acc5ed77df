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
import { presignOwnGet, presignPart } from "#lib/adapters/storage/presign.ts"
import {
  abortMultipart,
  completeMultipart,
  listParts,
} from "#lib/adapters/storage/uploads/multipart.ts"

const PART_BYTES = 7

/** Checks whether uploads, as a whole and in parts, overwrite no object. */
export async function checkOverwrite(): Promise<Found<"overwrite">> {
  if (!(await refusesOverwrite())) return { state: "warn", code: "ignored" }
  return (await completeRefusesOverwrite())
    ? { state: "ok", code: "ok" }
    : { state: "warn", code: "complete" }
}

/** Checks whether the store compares bytes with their SHA-256. */
export async function checkChecksums(): Promise<Found<"checksums">> {
  const [ofUploads, ofParts] = [await verifiesSha256(), await verifiesPartSha256()]
  if (ofUploads && ofParts) return { state: "ok", code: "ok" }
  if (ofUploads) return { state: "warn", code: "not_parts" }
  return { state: "warn", code: ofParts ? "not_uploads" : "none" }
}

/** Checks whether the store lists parts, and takes none for an upload that is complete. */
export async function checkParts(probe: Probe): Promise<Found<"parts">> {
  const found = await checkListing(probe)
  return found.state === "ok" ? ((await findLatePart(probe)) ?? found) : found
}

/** Checks whether the store lists a part and forgets it after an abort, and how many it allows. */
async function checkListing(probe: Probe): Promise<Found<"parts">> {
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

/** Finds out whether sending a part again by its URL changes an object that is complete. */
async function findLatePart(probe: Probe): Promise<Found<"parts"> | null> {
  const { key, uploadId } = await probe.beginUpload()
  const signedAt = await probe.now()
  const part = { key, uploadId, partNumber: 1, size: PART_BYTES, signedAt }
  const { url, headers } = await presignPart(part)
  const put = (body: string) => ask(url, { method: "PUT", headers, body })
  await put("7 bytes")
  await completeMultipart(key, uploadId, (await listParts(key, uploadId)) ?? [])
  await put("7 other")
  const read = await ask(await presignOwnGet(key, null, signedAt)).catch(() => null)
  if (read?.text === "7 bytes") return null
  return { state: "fail", code: "harmful", values: { status: read ? codeIn(read) : "no answer" } }
}
