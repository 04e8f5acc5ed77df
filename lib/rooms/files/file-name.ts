import { replaceHidden } from "#lib/adapters/text/hidden-characters.ts"

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

/** The maximum bytes of a name in most file systems. */
export const MAX_NAME_BYTES = 255

/** Shortens a name to at most `mostBytes` bytes of UTF-8, and keeps its extension. */
export function shortenedName(name: string, mostBytes = MAX_NAME_BYTES): string {
  const [extension = ""] = /\.[^.]{1,20}$/.exec(name) ?? []
  let stem = name.slice(0, name.length - extension.length)
  while (bytesOf(stem + extension) > mostBytes) stem = [...stem].slice(0, -1).join("")
  return stem + extension
}

// Pages import this file: with Buffer they would get Next's copy of it, 7 kB.
const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** Whether a stored name looks the same as the given one. */
export const isStoredAs = (given: string, stored: string): boolean =>
  given.normalize("NFC").trim() === stored

/**
 * Returns a name as a system would run it or a program save it, which is compared with a setting of
 * types. Both may replace a compatibility form (".ｅｘｅ") with the character it stands for, and drop
 * accents and invisible characters. Windows drops dots and spaces at the end, and opens the file
 * itself for "name::$DATA".
 */
export const nameAsRun = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/[^ -~]/g, "")
    .toLowerCase()
    .replace(WINDOWS_END, "")

// Has an SQL form in isOfAny of lib/rooms/admin/find-outside-shares.ts.
const WINDOWS_END = /([. :]|:\$[a-z_]+)+$/
