import { serverNow } from "../page-data.ts"
import { type Minted, mintPreview, type NoAddress } from "./mint-preview.ts"

/** An address of a file that is minted again when it has ended or was cut off. */
export type Address = {
  /** One that is valid still; null: there is none, and the viewer says why. */
  current: () => Promise<string | null>
  /** A new one; null as above. */
  renew: () => Promise<string | null>
  isOver: () => boolean
}

type AddressInput = {
  fileId: string
  signal: AbortSignal
  onWait: () => void
  onNone: (reason: NoAddress) => void
}

/** A request takes its time to arrive. */
const MARGIN_MS = 2_000

export function renewableAddress({ fileId, signal, onWait, onNone }: AddressInput) {
  let minted: Minted | null = null
  const isOver = () => !minted || serverNow() > minted.expiresAt - MARGIN_MS
  const renew = async () => {
    const answer = await mintPreview(fileId, signal, onWait)
    if (typeof answer === "string") {
      onNone(answer)
      return null
    }
    minted = answer
    return answer.url
  }
  const current = async () => (minted && !isOver() ? minted.url : renew())
  return { current, renew, isOver } satisfies Address
}
