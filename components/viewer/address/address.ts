import { host } from "../host.ts"
import { type Minted, mintAddress, type NoAddress } from "./mint-address.ts"

/** The URL of a file, which is minted again after it has expired or was cut off. */
export type Address = {
  /**
   * Returns a valid URL, the current one if possible; null if there is none, and then the viewer
   * shows the reason.
   */
  current: () => Promise<string | null>
  /**
   * Mints a new URL; null if there is none, and then the viewer shows the reason. Calls at the same
   * time share one, and so do those whose `refused` URL was replaced meanwhile.
   */
  renew: (refused?: string) => Promise<string | null>
  isOver: () => boolean
}

type AddressInput = {
  fileId: string
  signal: AbortSignal
  onWait: () => void
  onNone: (reason: NoAddress) => void
}

/** Accounts for the time that a request takes to reach the store. */
const MARGIN_MS = 2_000

export function renewableAddress({ fileId, signal, onWait, onNone }: AddressInput) {
  let minted: Minted | null = null
  const isOver = () => !minted || host.now() > minted.expiresAt - MARGIN_MS
  let renewing: Promise<string | null> | undefined
  const mint = async () => {
    const answer = await mintAddress(fileId, signal, onWait)
    if (typeof answer === "string") {
      onNone(answer)
      return null
    }
    minted = answer
    return answer.url
  }
  const renew = async (refused?: string) => {
    if (refused && minted && minted.url !== refused) return minted.url
    renewing ??= mint().finally(() => {
      renewing = undefined
    })
    return renewing
  }
  const current = async () => (minted && !isOver() ? minted.url : renew())
  return { current, renew, isOver } satisfies Address
}
