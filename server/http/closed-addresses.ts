/** Dot segments, plain or encoded: code that resolves them would answer for another address. */
const DOT_SEGMENT = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i

export const hasDotSegment = (path: string) => DOT_SEGMENT.test(path)

/**
 * Whether an address is open to Next: its percent-encoding stands for text that Next and the
 * database can take, and it is none of those that Next answers by itself, such as its image
 * optimizer, its data of pages and its error page.
 */
export function isOpen(path: string, { dev }: { dev: boolean }): boolean {
  const decoded = decode(path)
  if (decoded === null || decoded.includes("\0")) return false
  const plain = decoded.replace(/[/\\]+/g, "/")
  return dev || !plain.startsWith("/_") || /^\/_next\/static\/./.test(plain)
}

function decode(path: string) {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}

const READING = ["GET", "HEAD"]
const LINKS = [...READING, "POST"]
const CALLS = [...LINKS, "PATCH", "DELETE"]

/** The methods that anything at an address may answer. A page answers no POST. */
export function methodsOf(path: string, { dev }: { dev: boolean }): string[] {
  if (path === "/api/live") return READING
  if (path.startsWith("/api/")) return CALLS
  if (path.startsWith("/auth/")) return ["POST"]
  // Next's own tools of development send reports.
  return path.startsWith("/s/") || (dev && path.startsWith("/_")) ? LINKS : READING
}
