/** The maximum nesting of objects and arrays. No input of the app needs more than a few levels. */
const MAX_DEPTH = 32

/**
 * Whether a text is JSON that nests too deep to be parsed quickly. Looks at each byte once. A text
 * that does not begin as an object or an array does not nest, whatever its Content-Type, because a
 * parser stops at its first character.
 */
export function isTooDeep(text: Buffer): boolean {
  let at = start(text)
  if (!opens(text[at])) return false
  let depth = 0
  let inString = false
  for (; at < text.length; at++) {
    const byte = text[at]
    if (inString) {
      if (byte === 0x5c)
        at++ // skips an escaped character
      else if (byte === 0x22) inString = false
    } else if (byte === 0x22) inString = true
    else if (opens(byte)) {
      depth += 1
      if (depth > MAX_DEPTH) return true
    } else if (byte === 0x5d || byte === 0x7d) depth -= 1
  }
  return false
}

const opens = (byte: number | undefined) => byte === 0x5b || byte === 0x7b

/** The offset of the first character after a byte order mark and white space. */
function start(text: Buffer) {
  let at = text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? 3 : 0
  while (text[at] === 0x20 || text[at] === 0x09 || text[at] === 0x0a || text[at] === 0x0d) at++
  return at
}
