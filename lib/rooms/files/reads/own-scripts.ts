import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"
import { publicStorageOrigin } from "#lib/adapters/storage.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import type { FileView } from "#lib/rooms/files/file.ts"

/** The URLs of what a member's page loads to show own files, and to download them as a ZIP. */
export type OwnScripts = {
  /** The script of visitor/ that exports a ZipScript, and the worker that it starts. */
  zip: string
  zipWorker: string
  /** The script of visitor/ that exports a ViewerScript, and what it loads. */
  ownViewer: string
  viewer: ViewerFiles
  /** The messages of both. */
  words: string
}

/**
 * The files that components/viewer/ loads: its styles, a worker that parses texts, and for PDFs of
 * view-only shares the frame that draws them, its worker, and the folder of fonts and tables.
 */
export type ViewerFiles = {
  styles: string
  parser: string
  pdf: { frame: string; worker: string; files: string }
}

export type ViewerScript = {
  /** Shows one of the page's files, or the one that the page's URL names. */
  openOwnFile: (page: OwnFilesPage, id?: string) => Promise<void>
  closeOwnFile: () => void
}

/** The values that a member's page passes to the viewer. Its files are its elements with `data-file`. */
export type OwnFilesPage = {
  scripts: OwnScripts
  /** Called when a file has no URL any more, and when the session has ended. */
  refresh: () => void
  signedOut: () => void
}

export type ZipScript = {
  /** Downloads files as a ZIP, and shows the progress. Resolves when it has ended. */
  downloadOwnZip: (zip: OwnZip, scripts: OwnScripts) => Promise<void>
}

export type OwnZip = {
  /** The name of the ZIP without its ending, and the first line of its LAPSE.txt. */
  title: string
  /** Lists what the ZIP contains. Called after the member has chosen where to save it. */
  list: () => Promise<{
    folders: ZipFolder[]
    /** A sentence about the files, or "". */
    note: string
  }>
}

/** Files below one folder of a ZIP. The name need not be unique or portable; "" is no folder. */
export type ZipFolder = {
  name: string
  files: Pick<FileView, "id" | "name" | "path" | "size" | "sha256" | "sha256Verified">[]
}

type Find = (locale: Locale, storeOrigin: string) => OwnScripts

const holder = () => processWide("ownScripts", (): { find: Find | null } => ({ find: null }))

/** Registers visitor/'s scripts for the members' pages, which cannot import it. */
export function offerOwnScripts(find: Find): void {
  holder().find = find
}

/** Returns what a member's page in this language loads; null while visitor/ is not loaded. */
export async function ownScripts(locale: Locale): Promise<OwnScripts | null> {
  return holder().find?.(locale, await publicStorageOrigin()) ?? null
}
