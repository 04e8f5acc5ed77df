import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"
import { publicStorageOrigin } from "#lib/adapters/storage.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import type { FileView } from "#lib/rooms/files/file.ts"

/** The URLs of what a member's page loads to download files as a ZIP. */
export type ZipScripts = {
  /** The script of visitor/, which exports a ZipScript. */
  script: string
  zipWorker: string
  /** The messages of the script. */
  words: string
}

export type ZipScript = {
  /** Downloads files as a ZIP, and shows the progress. Resolves when it has ended. */
  downloadOwnZip: (zip: OwnZip, scripts: ZipScripts) => Promise<void>
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

type Find = (locale: Locale, storeOrigin: string) => ZipScripts

const holder = () => processWide("zipScripts", (): { find: Find | null } => ({ find: null }))

/** Registers visitor/'s scripts for the members' pages, which cannot import it. */
export function offerZipScripts(find: Find): void {
  holder().find = find
}

/** Returns what a page in this language loads for a ZIP; null while visitor/ is not loaded. */
export async function zipScripts(locale: Locale): Promise<ZipScripts | null> {
  return holder().find?.(locale, await publicStorageOrigin()) ?? null
}
