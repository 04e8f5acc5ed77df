import "server-only"
import { db, type Tx } from "#lib/adapters/database.ts"
import {
  assemblyUnderWay,
  completeMultipart,
  headObject,
  listParts,
  type Part,
  verifiesSha256,
} from "#lib/adapters/storage.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { recordFile } from "#lib/rooms/audit/record-file.ts"
import type { FileView, FinishInput } from "#lib/rooms/files/file.ts"
import { toFileView } from "#lib/rooms/files/file-columns.ts"
import { giveColour } from "#lib/rooms/files/objects/give-colour.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import { partBytes, partCountOf } from "./parts/part-sizes.ts"
import { extendUpload, type PendingUpload, uploadIsOver } from "./pending-upload.ts"

/** Writes the audit entry of a file that became ready, at the end of the transaction. */
export type RecordReady = (tx: Tx, file: ReadyFile) => Promise<unknown>

type ReadyFile = { targetId: string; path: string; details: { name: string; size: number } }

/**
 * Completes the multipart upload, checks with the store that all bytes are there, and makes the
 * file ready. Repeated and simultaneous calls have the same result. By default the audit entry says
 * that its owner uploaded the file. Refuses `conflict` if bytes are missing, if the size or the
 * SHA-256 differs from the announced one, or if the object was stored with an encoding.
 */
export async function finishUpload(
  owner: MemberId,
  id: string,
  { sha256 }: FinishInput = {},
  record: RecordReady = (tx, file) =>
    recordFile(tx, { actorId: owner, action: "file.upload", ...file }),
): Promise<FileView> {
  // A store may take minutes to complete a multipart upload; the sweep must not treat it as idle.
  const pending = await extendUpload(owner, id)
  // Another call finished or deleted it meanwhile.
  if (!pending) return requireReadyFile(owner, id)
  refuseOtherHash(pending, sha256)

  if (pending.partSize !== null) await completeParts(pending, Number(pending.partSize))
  await refuseUnlessStored(pending)
  const colour = await giveColour(pending, () => notArrived(pending.name))
  // The URL of a single PUT contains the announced SHA-256 if the store verifies it. With parts,
  // the store verifies each part but not the whole.
  const sha256Verified =
    pending.partSize === null && pending.sha256 !== null && (await verifiesSha256())

  const finished = await db.$transaction(async (tx) => {
    const file = await makeReady(tx, { owner, pending, colour, sha256, sha256Verified })
    if (file) await record(tx, file)
    return file
  })
  if (!finished) return requireReadyFile(owner, id)
  const known = pending.sha256 ?? sha256 ?? null
  return toFileView({ ...pending, status: "ready", sha256: known, sha256Verified })
}

type Arrived = {
  owner: MemberId
  pending: PendingUpload
  colour: string | null
  sha256: string | undefined
  sha256Verified: boolean
}

/** Returns the details of the file for its audit entry; undefined if the upload has ended. */
async function makeReady(
  tx: Tx,
  { owner, pending, colour, sha256, sha256Verified }: Arrived,
): Promise<ReadyFile | undefined> {
  // Locks the file's row first, as a delete does. The object becomes live only if the file exists.
  const [ready] = await tx.$queryRaw<{ id: string; name: string; path: string; size: bigint }[]>`
    WITH wanted AS (
      SELECT id FROM file
      WHERE id = ${pending.id}::uuid AND owner_id = ${owner}::uuid
        AND status = 'uploading' AND deleted_at IS NULL
      FOR UPDATE
    ), live AS (
      UPDATE object SET state = 'live', live_since = clock_timestamp(),
        colour = ${colour}, colour_since = clock_timestamp(), tagging_since = NULL
      FROM wanted
      WHERE key = ${pending.key} AND file_id = wanted.id AND state = 'uploading'
      RETURNING key, file_id
    )
    UPDATE file SET status = 'ready', ready_at = clock_timestamp(), object_key = live.key,
      sha256 = coalesce(sha256, ${sha256 ?? null}), sha256_verified = ${sha256Verified}
    FROM live WHERE file.id = live.file_id
    RETURNING file.id, file.name, file.path, file.size`
  if (!ready) return undefined
  const { id: targetId, name, path, size } = ready
  return { targetId, path, details: { name, size: Number(size) } }
}

const notArrived = (name: string) => refusal("conflict", "not_uploaded", { name })

async function requireReadyFile(owner: MemberId, id: string) {
  const file = await requireFile(owner, id)
  if (file.status === "ready") return file
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
