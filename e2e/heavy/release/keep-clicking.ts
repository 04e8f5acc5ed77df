import type { ShareView } from "../../member-client.ts"
import { downloadPath } from "../../network/send-click.ts"

const CLICKERS = 16

/**
 * Clicks on a share's file without pause, each time as a new visitor, until the server is gone.
 * `stop` resolves with the number of clicks that were answered with an address of the store.
 */
export function keepClicking(share: ShareView) {
  const target = new URL(downloadPath(share), share.url)
  let isStopped = false
  let answered = 0
  const clickers = Array.from({ length: CLICKERS }, async () => {
    while (!isStopped) {
      const response = await fetch(target, { method: "POST", redirect: "manual" }).catch(() => null)
      if (response?.headers.get("location")?.includes("X-Amz-Signature=")) answered++
      await response?.body?.cancel()
    }
  })
  return {
    answered: () => answered,
    async stop() {
      isStopped = true
      await Promise.all(clickers)
      return answered
    },
  }
}
