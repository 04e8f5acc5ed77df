import { replaceHidden } from "#lib/text/hidden-characters.ts"

const LINE_BREAKS_AND_TABS = /[\t-\r\u0085\u2028\u2029]+/g

/**
 * A name of a file or folder as it is stored, whichever way it came. It reads as it was given: what
 * cannot be seen is taken out, line breaks and tabs become spaces, and "\", which separates folders
 * on Windows, becomes "_". A "/" is no part of a name: FileName refuses it.
 */
export const storedName = (given: string): string =>
  replaceHidden(given.toWellFormed().normalize("NFC").replace(LINE_BREAKS_AND_TABS, " "), "")
    .replaceAll("\\", "_")
    .trim()

/** Whether a name was stored as a reader would say that it was given. */
export const isStoredAs = (given: string, stored: string): boolean =>
  given.normalize("NFC").trim() === stored

/**
 * A name as a setting of types compares it: as a system would run it, or a program save it. Both
 * may take a compatibility form (".ｅｘｅ") for the character it stands for and drop accents and
 * what cannot be seen. Windows drops dots and spaces at the end, and opens the file itself for
 * "name::$DATA".
 */
export const nameAsRun = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^ -~]/g, "")
    .toLowerCase()
    .replace(WINDOWS_END, "")

// As in SQL: see isOfAny of lib/admin/outside-shares.ts.
const WINDOWS_END = /([. :]|:\$[a-z_]+)+$/
