import "server-only"
import { PROBE_PREFIX } from "./capabilities.ts"
import { deleteObject, listObjects, storeTime } from "./objects.ts"
import { SIGNER_PROBE_PREFIX } from "./probe-signers.ts"
import { abortMultipart, listMultiparts } from "./uploads/multipart.ts"

/** Leftovers this old are removed. A probe takes seconds, and another process may run one. */
const OLD_MS = 3_600_000

type ProbeLeftOvers = { objects: string[]; uploads: { key: string; uploadId: string }[] }

/** Finds objects and uploads, older than an hour, that interrupted probes left. */
export async function findProbes(now?: Date): Promise<ProbeLeftOvers> {
  const before = Number(now ?? (await storeTime())) - OLD_MS
  const objects: string[] = []
  for (const prefix of [PROBE_PREFIX, SIGNER_PROBE_PREFIX]) {
    for await (const { key, lastModified } of listObjects(prefix)) {
      if (Number(lastModified) < before) objects.push(key)
    }
  }
  const uploads: ProbeLeftOvers["uploads"] = []
  for await (const { key, uploadId, initiatedAt } of listMultiparts(PROBE_PREFIX)) {
    if (Number(initiatedAt) < before) uploads.push({ key, uploadId })
  }
  return { objects, uploads }
}

export async function removeProbes({ objects, uploads }: ProbeLeftOvers): Promise<void> {
  for (const { key, uploadId } of uploads) await abortMultipart(key, uploadId)
  for (const key of objects) await deleteObject(key)
}
