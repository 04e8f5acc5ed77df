/** The most bytes of one name; Linux and macOS count bytes, Windows characters. */
const MAX_BYTES = 255
/** Names that Windows treats as devices, whatever their extension. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i
/** Characters that Windows forbids in a name. "/" and, on Windows, "\" would create folders. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it removes
const REFUSED = /[\u0000-\u001f\u007f-\u009f<>:"/\\|?*]/gu
/** Invisible characters, and those that change the direction of text: they disguise names. */
const INVISIBLE = /[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu
/** The extension, which stays at the end of a name that is numbered or cut. */
const EXTENSION = /(?<=.)(\.tar)?\.[^.\s]{1,16}$/u

/** Makes one name, without a folder, valid on Windows, macOS and Linux. */
export function portableName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize("NFC")
    .replace(INVISIBLE, "")
    .replace(REFUSED, "_")
    .trim()
    .replace(/[. ]+$/u, (end) => "_".repeat(end.length)) // Windows removes them
  if (plain === "") return "_"
  return fitName(DEVICE.test(plain) ? `_${plain}` : plain, "")
}

/**
 * Creates the function that makes a unique portable path for each path, even on file systems that
 * ignore case. Must be called once per file, in order. Names that collide get " (2)", " (3)" and so
 * on. Folders that differ only in characters that are not portable are merged.
 */
export function createPortablePaths(): (path: string) => string {
  const files = new Set<string>()
  /** Portable folders by their original name, case-folded. */
  const folders = new Map<string, string>([["", ""]])
  const numbers = new Map<string, number>()

  const free = (parent: string, name: string, isTaken: (folded: string) => boolean) => {
    const first = `${parent}${name}`
    if (!isTaken(fold(first))) return first
    const base = fold(first)
    for (let number = (numbers.get(base) ?? 1) + 1; ; number++) {
      numbers.set(base, number)
      const numbered = `${parent}${fitName(name, ` (${number})`)}`
      if (!isTaken(fold(numbered))) return numbered
    }
  }

  const folderIn = (parent: string, name: string) => {
    const wanted = fold(`${parent}${name}`)
    const known = folders.get(wanted)
    if (known !== undefined) return known
    // A file already has this name, so all folders with this name are renamed alike.
    const path = `${free(parent, name, (folded) => files.has(folded))}/`
    folders.set(wanted, path)
    folders.set(fold(path.slice(0, -1)), path)
    return path
  }

  return (path) => {
    const names = path.split("/").filter((name) => name !== "" && name !== ".")
    const last = portableName(names.pop() ?? "")
    const parent = names.reduce((above, name) => folderIn(above, portableName(name)), "")
    const own = free(parent, last, (folded) => files.has(folded) || folders.has(folded))
    files.add(fold(own))
    return own
  }
}

/** Folds a name, so that names are equal if they differ only in case or Unicode form. */
const fold = (text: string) => text.toUpperCase().normalize("NFC")

/** Returns the name with `mark` before its extension, cut to the length that file systems allow. */
function fitName(name: string, mark: string): string {
  const [extension = ""] = EXTENSION.exec(name) ?? []
  const stem = name.slice(0, name.length - extension.length)
  const room = MAX_BYTES - bytesOf(mark + extension)
  return bytesOf(stem) <= room ? stem + mark + extension : cut(stem, room) + mark + extension
}

/** Cuts a text to at most this many bytes, at whole characters, joined emoji included. */
function cut(text: string, maxBytes: number): string {
  let kept = ""
  let bytes = 0
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    bytes += bytesOf(segment)
    if (bytes > maxBytes) break
    kept += segment
  }
  return kept.trimEnd()
}

const bytesOf = (text: string) => new TextEncoder().encode(text).length
