import type { Address } from "./address/address.ts"
import type { ShownFile } from "./host.ts"

/** The area that shows one file, with the functions that the code of its kind uses. */
export type Stage = {
  file: ShownFile
  address: Address
  /** Whether the reader asked to play the file, and has not just moved on to it. */
  plays: boolean
  /** Aborted when the viewer moves to another file or closes. */
  signal: AbortSignal
  /** Replaces the content of the stage. */
  show: (content: HTMLElement) => void
  /** Adds controls of this kind beside the viewer's. */
  addControls: (...controls: HTMLElement[]) => void
  /** Shows a sentence instead of the content, with a download button if downloads are allowed. */
  refuse: (sentence: string) => void
  /** Shows that there is no network, with a button that tries again. */
  offline: () => void
  /** Announces a sentence to screen readers. */
  say: (sentence: string) => void
}
