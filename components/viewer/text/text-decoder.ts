const MARKS: [string, number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
]

/**
 * A decoder for a text that begins with these bytes: by its byte order mark, else UTF-8 if that is
 * valid, else windows-1252. Null if the bytes are not text.
 */
export function textDecoderFor(start: Uint8Array): TextDecoder | null {
  const marked = MARKS.find(([, mark]) => mark.every((byte, at) => start[at] === byte))
  if (marked) return new TextDecoder(marked[0])
  if (start.includes(0)) return null
  return new TextDecoder(isUtf8(start) ? "utf-8" : "windows-1252")
}

/** The beginning of a text may end in the middle of a character. */
function isUtf8(start: Uint8Array) {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(start, { stream: true })
    return true
  } catch {
    return false
  }
}
