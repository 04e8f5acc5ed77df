import "client-only"
import { mapInBatches } from "./concurrency.ts"
import type { UploadTransport } from "./transport/upload-transport.ts"

/** The interval of renewals. Apps abandon an upload that was not renewed for an hour or more. */
const RENEW_MS = 20 * 60_000

/**
 * Renews the app's lease on unfinished uploads, because a queued, paused or failed one may send
 * nothing for days. `fileIds` lists their files.
 */
export function createLeaseRenewal(transport: UploadTransport, fileIds: () => string[]) {
  let timer: ReturnType<typeof setTimeout> | null = null

  async function renewAll() {
    // Failures are ignored, because each upload notices itself that its file is gone.
    await mapInBatches(fileIds(), (fileId) => transport.renew(fileId))
    timer = null
    schedule()
  }

  function schedule() {
    if (timer === null && fileIds().length > 0) timer = setTimeout(renewAll, RENEW_MS)
  }

  return { schedule }
}
