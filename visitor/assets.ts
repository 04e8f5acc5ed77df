import type { ViewerFiles } from "#lib/rooms/files/reads/own-scripts.ts"

/** The path of the files that the build creates for browsers. */
export const ASSETS_PATH = "/assets/"

/** URLs of the files that the build creates for browsers. Each name has a hash of the content. */
export type Assets = {
  stylesheet: string
  viewer: ViewerFiles
  /** The font file for Latin letters, which every page needs. */
  font: string
  scripts: Record<"visit" | "closed" | "request", { src: string; imports: string[] }>
  /** The worker that creates a ZIP of many files. */
  zipWorker: string
  /** The scripts by which a member's page makes a ZIP of own files, and shows one. */
  ownZip: string
  ownViewer: string
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
