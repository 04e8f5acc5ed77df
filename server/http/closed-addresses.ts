/** Dot segments, plain or encoded: code that resolves them would answer for another address. */
const DOT_SEGMENT = /(?:^|[/\\]|%2f|%5c)(?:\.|%2e){1,2}(?:$|[/\\]|%2f|%5c)/i

export const hasDotSegment = (path: string) => DOT_SEGMENT.test(path)

/**
 * Whether requests for a path are passed to Next. Next and the database must accept the decoded
 * path as text. Addresses that Next answers itself are closed, such as its image optimizer, its
 * page data and its error page.
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

/** Mail programs post here (RFC 8058), possibly multipart, which is not read. */
export const STOP_NOTICES = "/stop-notices/"

/** Addresses that lead to the provider, as links: no form may redirect to another site. */
const BEGIN_SIGN_IN = ["/auth/oidc", "/auth/oidc/confirm"]

const READING = ["GET", "HEAD"]
const LINKS = [...READING, "POST"]
const CALLS = [...LINKS, "PATCH", "DELETE"]

/** The methods that an address may accept. A page does not accept POST. */
export function methodsOf(path: string, { dev }: { dev: boolean }): string[] {
  if (path === "/api/live") return READING
  if (path.startsWith("/api/") || path.startsWith("/r/")) return CALLS
  if (BEGIN_SIGN_IN.includes(path)) return READING
  if (path.startsWith("/auth/")) return ["POST"]
  if (path.startsWith(STOP_NOTICES)) return LINKS
  // Next's development tools send reports.
  return path.startsWith("/s/") || (dev && path.startsWith("/_")) ? LINKS : READING
}
