import "client-only"
import { mapInBatches } from "../concurrency.ts"
import type { UploadTransport } from "../transport/upload-transport.ts"

/** An app may abandon an upload that was not renewed for an hour, the shortest time it may set. */
const RENEW_MS = 20 * 60_000

/**
 * Renews the app's lease on uploads that have not ended, because a queued, paused or failed one may
 * send nothing for days. `fileIds` lists their files.
 */
export function createLeaseRenewal(transport: UploadTransport, fileIds: () => string[]) {
  let timer: ReturnType<typeof setTimeout> | null = null

  async function renewAll() {
    // Failures need no handling: each upload finds out itself that its file is gone.
    await mapInBatches(fileIds(), (fileId) => transport.renew(fileId))
    timer = null
    schedule()
  }

  function schedule() {
    if (timer === null && fileIds().length > 0) timer = setTimeout(renewAll, RENEW_MS)
  }

  return { schedule }
}
