import "client-only"
import { inTurns } from "./in-turns.ts"
import type { UploadTransport } from "./upload-transport.ts"

/** The app gives an upload up that it hears nothing of for an hour, if it is set so. */
const RENEW_MS = 20 * 60_000

/**
 * Tells the app from time to time that uploads are still wanted: those that wait for their turn,
 * pause or have failed may send nothing for days. `wanted` names their files.
 */
export function createRenewal({ sign }: UploadTransport, wanted: () => string[]) {
  let timer: ReturnType<typeof setTimeout> | null = null

  async function renew() {
    // No answer is fine: at its turn each upload hears itself what became of it.
    await inTurns(wanted(), sign)
    timer = null
    watch()
  }

  function watch() {
    if (timer === null && wanted().length > 0) timer = setTimeout(renew, RENEW_MS)
  }

  return { watch }
}
