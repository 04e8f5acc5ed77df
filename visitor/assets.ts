/** The path of the files that the build creates for browsers. */
export const ASSETS_PATH = "/assets/"

/** URLs of the files that the build creates for browsers. Each name has a hash of the content. */
export type Assets = {
  stylesheet: string
  /**
   * The files that islands/preview/ loads: its styles, a worker that parses texts, and for PDFs of
   * view-only shares the frame that draws them, its worker, and the folder of fonts and tables.
   */
  viewer: {
    styles: string
    parser: string
    pdf: { frame: string; worker: string; files: string }
  }
  /** The font file for Latin letters, which every page needs. */
  font: string
  scripts: Record<"visit" | "closed" | "request", { src: string; imports: string[] }>
  /** The worker that creates a ZIP of many files. */
  zipWorker: string
  /** The script by which a member's page makes a ZIP of own files. */
  ownZip: string
  /** The worker that hashes a guest's files. */
  hashWorker: string
  /** The worker that writes a download into a file. */
  downloadWorker: string
  /** The messages that scripts load on demand, by locale. */
  words: Record<string, string>
  /** Development only: the script that reloads the page after a rebuild. */
  reload?: string
}

/** The URL of the worker that creates a ZIP. It names the store that the worker may access. */
export const zipWorkerUrl = ({ zipWorker }: Assets, storeOrigin: string) =>
  `${zipWorker}?store=${encodeURIComponent(storeOrigin)}`
