import "server-only"
import { configuration } from "#lib/adapters/configuration.ts"
import { db, sql, type Tx } from "#lib/adapters/database.ts"
import {
  assemblyUnderWay,
  completeMultipart,
  headObject,
  listParts,
  type Part,
  verifiesSha256,
} from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import { type FileView, type FinishInput, hasArrived } from "#lib/rooms/files/file.ts"
import { viewFor } from "#lib/rooms/files/file-columns.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { type ArrivedFile, makeChecking, makeReady } from "#lib/rooms/files/scan/make-ready.ts"
import { queueScans } from "#lib/rooms/files/scan/queue-scan.ts"
import { replaceOlder } from "#lib/rooms/files/scan/replace-older.ts"
import { partBytes, partCountOf } from "./parts/part-sizes.ts"
import { extendUpload, type PendingUpload, uploadIsOver } from "./pending-upload.ts"
import { isGuest, isSentBy, ownerOf, type Uploader } from "./uploader.ts"

/** Writes the audit entry of a file that has arrived, at the end of the transaction. */
type RecordArrived = (tx: Tx, file: ArrivedFile) => Promise<unknown>

/**
 * Completes the multipart upload, checks with the store that all bytes are there, and makes the
 * file ready, or `checking` if it must be scanned before. Repeated and simultaneous calls have the same result. By default the audit entry says
 * that its owner uploaded the file. Refuses `conflict` if bytes are missing, if the size or the
 * SHA-256 differs from the announced one, or if the object was stored with an encoding.
 */
export async function finishUpload(
  by: Uploader,
  id: string,
  { sha256 }: FinishInput = {},
  record: RecordArrived = (tx, file) =>
    recordFile(tx, { actorId: ownerOf(by), action: "file.upload", ...file }),
): Promise<FileView> {
  // A store may take minutes to complete a multipart upload; the sweep must not treat it as idle.
  const pending = await extendUpload(by, id)
  // Another call finished or deleted it meanwhile.
  if (!pending) return requireArrivedFile(by, id)
  refuseOtherHash(pending, sha256)

  if (pending.partSize !== null) await completeParts(pending, Number(pending.partSize))
  await refuseUnlessStored(pending)
  const isScanned = configuration.CLAMD_ADDRESS !== undefined
  // What must be scanned has no tag before, so that the store lets no signer read it.
  const colour = isScanned ? null : await giveColour(pending, () => notArrived(pending.name))
  // The URL of a single PUT contains the announced SHA-256 if the store verifies it. With parts,
  // the store verifies each part but not the whole.
  const sha256Verified =
    pending.partSize === null && pending.sha256 !== null && (await verifiesSha256())

  const finished = await db.$transaction(async (tx) => {
    const which = sql`id = ${pending.id}::uuid AND ${isSentBy(by)} AND status = 'uploading'`
    const set = sql`, sha256 = coalesce(sha256, ${sha256 ?? null}), sha256_verified = ${sha256Verified}`
    const file = isScanned
      ? await makeChecking(tx, which, { key: pending.key, set })
      : await makeReady(tx, which, { key: pending.key, colour, set })
    if (!file) return false
    if (isGuest(by)) await by.admit(tx)
    if (!isScanned) await replaceOlder(tx, file.targetId)
    await record(tx, file)
    return true
  })
  if (!finished) return requireArrivedFile(by, id)
  if (isScanned) await queueScans()
  const known = pending.sha256 ?? sha256 ?? null
  const status = isScanned ? "checking" : "ready"
  return viewFor(by, { ...pending, status, sha256: known, sha256Verified })
}

const notArrived = (name: string) => refusal("conflict", "not_uploaded", { name })

async function requireArrivedFile(by: Uploader, id: string) {
  const file = await requireFile(by, id)
  if (hasArrived(file)) return file
  throw uploadIsOver(file.name)
}

function refuseOtherHash({ name, sha256: announced }: PendingUpload, sha256: string | undefined) {
  if (!announced || !sha256 || announced === sha256) return
  throw refusal("conflict", "other_hash", { name }, { field: "sha256" })
}

// If the store does not know the upload, it was already completed or was aborted. The following
// check of the object distinguishes the two.
async function completeParts(pending: PendingUpload, partSize: number) {
  const { key, uploadId } = pending
  if (uploadId && (await assemblyUnderWay(uploadId))) return
  const stored = uploadId ? await listParts(key, uploadId) : null
  if (!uploadId || !stored) return
  await completeMultipart(key, uploadId, chooseParts(pending, partSize, stored))
}

/** Returns every part, as the store has it. Refuses (conflict) a missing or wrong one. */
function chooseParts({ name, size, checksums }: PendingUpload, partSize: number, stored: Part[]) {
  const parts = { size: Number(size), partSize }
  const count = partCountOf(parts)
  const byNumber = new Map(stored.map((part) => [part.partNumber, part]))
  const chosen = Array.from({ length: count }, (_, index) => byNumber.get(index + 1)).filter(
    (part) => part !== undefined,
  )
  const missing = count - chosen.length
  if (missing > 0) {
    throw refusal("conflict", "parts_missing", { missing, count, name })
  }
  for (const { partNumber, size, sha256 } of chosen) {
    const wanted = partBytes(parts, partNumber)
    if (size !== wanted) {
      throw refusal("conflict", "part_size", {
        part: partNumber,
        name,
        received: { bytes: size },
        size: { bytes: wanted },
      })
    }
    if (checksums && !sha256) {
      throw refusal("conflict", "part_unverified", { part: partNumber, name })
    }
  }
  return chosen
}

async function refuseUnlessStored({ key, name, size }: PendingUpload) {
  const stored = await headObject(key)
  if (!stored) throw notArrived(name)
  // Browsers decode it, so visitors would get other bytes than are stored, perhaps many more.
  if (stored.contentEncoding) {
    const encoding = stored.contentEncoding
    throw refusal("conflict", "stored_encoded", { name, encoding })
  }
  if (BigInt(stored.size) !== size) {
    throw refusal("conflict", "stored_size", {
      received: { bytes: stored.size },
      name,
      size: { bytes: Number(size) },
    })
  }
}
