/** The first message to the frame that draws a PDF; it transfers a MessagePort for all others. */
export type Opening = {
  /** The script of PDF.js's worker. */
  worker: Blob
  /** Name and bytes of the file. */
  name: string
  size: number
  /** The text drawn across each page; null if there is none. */
  watermark: string | null
  locale: string
  /** The label of a page, with `{at}` for its number. */
  label: string
  /** Shown in place of a page that cannot be drawn. */
  broken: string
}

/** Another first message: to draw only the first page, as a picture of this length. */
export type Sketching = Pick<Opening, "worker" | "size"> & { pixels: number }

/** A request of the frame: bytes of the file, or one of PDF.js's own files by its path. */
export type Wanted = { range: [begin: number, end: number] } | { file: string }

export type ToPage =
  | (Wanted & { ask: number })
  /** The first page is known: the number of pages in the list, and in the file. */
  | { listed: number; count: number }
  /** The first page. */
  | { picture: ImageBitmap }
  /** The page in the middle of the view. */
  | { at: number }
  | { failed: "broken" | "password" }
  /** A key that the viewer around the frame handles. */
  | { key: string }

export type ToFrame =
  /** Null if there are none. */
  { answer: number; bytes: Uint8Array | null } | { zoom: number } | { goTo: number }
