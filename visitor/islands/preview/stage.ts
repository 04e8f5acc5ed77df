import type { PreviewKind } from "#lib/claims/look/preview-kind.ts"
import type { Address } from "./address.ts"

/** A file that the page lists with a preview. */
export type PreviewFile = { id: string; name: string; kind: PreviewKind; size: number }

/** Where one file is shown, and what its kind needs for it. */
export type Stage = {
  file: PreviewFile
  address: Address
  /** Aborted when the viewer goes on to another file or closes. */
  signal: AbortSignal
  /** Shows the content in place of what was there. */
  show: (content: HTMLElement) => void
  /** Controls of this kind, beside those of the viewer. */
  addControls: (...controls: HTMLElement[]) => void
  /** A sentence in place of the content, with the download where there is one. */
  refuse: (sentence: string) => void
  /** There is no network: a sentence with a button that tries again. */
  offline: () => void
  /** Spoken by a screen reader. */
  say: (sentence: string) => void
}
