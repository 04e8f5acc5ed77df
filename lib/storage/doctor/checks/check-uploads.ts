import "server-only"
import type { Found } from "#lib/checks/finding.ts"
import {
  completeRefusesOverwrite,
  refusesOverwrite,
  verifiesPartSha256,
  verifiesSha256,
} from "#lib/storage/capabilities.ts"
import { ask, codeIn } from "#lib/storage/doctor/answers.ts"
import type { Probe } from "#lib/storage/doctor/probe.ts"
import { headObject } from "#lib/storage/objects.ts"
import { presignPart, presignPut } from "#lib/storage/presign.ts"
import { abortMultipart, createMultipart, listParts } from "#lib/storage/uploads/multipart.ts"

const PART_BYTES = 7

/** Whether an upload of another length than signed is refused. */
export async function checkSignedLength(probe: Probe): Promise<Found<"signed_length">> {
  const key = probe.newKey()
  const { url, headers } = await presignPut({
    key,
    size: 3,
    contentType: "text/plain",
    signedAt: await probe.now(),
  })
  // A store that refuses it without reading the body closes the connection, so the connection is
  // not shared.
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

/** Whether the store compares bytes with their SHA-256. */
export async function checkChecksums(): Promise<Found<"checksums">> {
  const missing = [
    ...((await verifiesSha256()) ? [] : ["uploads"]),
    ...((await verifiesPartSha256()) ? [] : ["parts"]),
  ]
  if (missing.length === 0) return { state: "ok", code: "ok" }
  return { state: "warn", code: "none", values: { what: missing.join(" and ") } }
}

/** Whether the store lists a part that it received, and forgets it after an abort. */
export async function checkListParts(probe: Probe): Promise<Found<"list_parts">> {
  const key = probe.newKey()
  const wanted = { contentType: "text/plain", checksums: false }
  const { uploadId } = await createMultipart(key, wanted)
  probe.ownUpload(key, uploadId)
  const part = { key, uploadId, partNumber: 1, size: PART_BYTES, signedAt: await probe.now() }
  const { url, headers } = await presignPart(part)
  const put = await ask(url, { method: "PUT", headers, body: "7 bytes" })
  if (put.status !== 200)
    return { state: "fail", code: "failed", values: { reason: `${codeIn(put)} for a part` } }
  const [listed] = (await listParts(key, uploadId)) ?? []
  await abortMultipart(key, uploadId)
  const isForgotten = (await listParts(key, uploadId)) === null
  if (listed?.size === PART_BYTES && isForgotten) return { state: "ok", code: "ok" }
  return { state: "fail", code: "wrong" }
}
