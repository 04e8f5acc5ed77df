import type { FormatValues } from "icu-minify/format"
import type { PreviewKind } from "#lib/rooms/files/preview-kind.ts"
import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"
import type visitor from "../../messages/en/visitor.json"

/** The name of a message below `islands.preview` of messages/…/visitor.json. */
export type ViewerWord = keyof (typeof visitor)["islands"]["preview"]

/** A file that the viewer can be opened for. The kind is null if there is no safe preview. */
export type ShownFile = { id: string; name: string; kind: PreviewKind | null; size: number }

/** The functions and values that a page passes to the viewer. */
export type ViewerHost = {
  /** A message in the page's language; after `loadWords`. */
  t: (word: ViewerWord, values?: FormatValues<string>) => string
  loadWords: () => Promise<void>
  /** The server's time in milliseconds. */
  now: () => number
  assets: ViewerFiles | undefined
  /** The files of the page, in its order. */
  files: () => ShownFile[]
  /** The element of the page that opens a file, which has the focus afterwards. */
  openerOf: (fileId: string) => HTMLElement | null | undefined
  /** Requests a URL that shows a file. */
  request: (fileId: string, signal: AbortSignal) => Promise<Response>
  /** Where the body of the answer has `url` and `expiresAt`; null if the file has none any more. */
  addressIn: (body: unknown) => unknown
  /** The buttons for a file, beside its name. */
  actions: (file: ShownFile, say: (sentence: string) => void) => HTMLElement[]
  /** The text below the files, or "". */
  note: () => string
  /** The text drawn across pictures and PDFs; null for none. */
  watermark: (() => string) | null
  /** Whether PDFs are drawn here, not by the browser's viewer, which can save them. */
  drawsPdf: boolean
  /** For previews that are counted as a download: whether that is due, and the question. */
  claim?: { isDue: () => boolean; ask: (fileId: string, onClaimed: () => void) => HTMLElement }
  /** Called when a file has no URL any more: the page may have changed. */
  refresh: () => void
}

/** The page that the viewer was opened by. */
export let host: ViewerHost

export function setHost(page: ViewerHost) {
  host = page
}

export const t: ViewerHost["t"] = (word, values) => host.t(word, values)

export const locale = document.documentElement.lang
