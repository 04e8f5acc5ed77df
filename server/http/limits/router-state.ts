/**
 * Whether a Next-Router-State-Tree header is a JSON array that begins with a segment: a string, or
 * an array for a dynamic one. Next answers other texts with a server error.
 */
export function isRouterState(header: string | string[] | undefined): boolean {
  if (header === undefined) return true
  try {
    const tree: unknown = JSON.parse(decodeURIComponent(String(header)))
    return Array.isArray(tree) && (typeof tree[0] === "string" || Array.isArray(tree[0]))
  } catch {
    return false
  }
}
