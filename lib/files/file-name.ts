import { replaceHidden } from "#lib/text/hidden-characters.ts"

const LINE_BREAKS_AND_TABS = /[\t-\r\u0085\u2028\u2029]+/g

/**
 * Returns a name of a file or folder as it is stored. It stays readable: invisible characters are
 * removed, line breaks and tabs become spaces, and "\", which separates folders on Windows, becomes
 * "_". FileName refuses a "/".
 */
export const storedName = (given: string): string =>
  replaceHidden(given.toWellFormed().normalize("NFC").replace(LINE_BREAKS_AND_TABS, " "), "")
    .replaceAll("\\", "_")
    .trim()

/** Whether a stored name looks the same as the given one. */
export const isStoredAs = (given: string, stored: string): boolean =>
  given.normalize("NFC").trim() === stored

/**
 * Returns a name in the form that a setting of types compares: as a system would run it, or a
 * program save it. Both may replace a compatibility form (".ｅｘｅ") by the character it stands for
 * and drop accents and invisible characters. Windows drops dots and spaces at the end, and opens
 * the file itself for "name::$DATA".
 */
export const nameAsRun = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^ -~]/g, "")
    .toLowerCase()
    .replace(WINDOWS_END, "")

// Its SQL form is in isOfAny of lib/admin/outside-shares.ts.
const WINDOWS_END = /([. :]|:\$[a-z_]+)+$/
