import { ASSETS_PATH } from "#visitor/assets.ts"

/** The routes of visitors' pages; a test compares them with visitor/. */
export const VISITOR_ROUTES = [
  "/s/[token]",
  "/s/[token]/state",
  "/s/[token]/unlock",
  "/s/[token]/code",
  "/s/[token]/verify",
  "/s/[token]/ask",
  "/s/[token]/claim",
  "/s/[token]/d/[file]",
  "/s/[token]/p/[file]",
  "/s/[token]/t/[file]",
  "/r/[token]",
  "/r/[token]/unlock",
  "/r/[token]/code",
  "/r/[token]/verify",
]

const OLD_LINK = "/share/[id]"
const OTHER = "other"

/**
 * Creates the function that names the route of a path for metrics: one of the routes of app/, of
 * the API or of visitor/, with `[id]` and `[token]` in place of ids and tokens, or `other`.
 */
export function nameRoutes(
  routes: string[],
  findCall: (path: string) => { name: string } | undefined,
): (path: string) => string {
  const fixed = new Set(["/api/live", ...routes.filter((route) => !route.includes("["))])
  const dynamic = [...VISITOR_ROUTES, ...routes]
    .filter((route) => route.includes("["))
    .map((route) => ({ route, matches: patternOf(route) }))
  return (path) => {
    if (path.startsWith("/share/")) return OLD_LINK
    const call = findCall(path)
    if (call) return call.name
    if (path.startsWith("/api/v1/")) return fixed.has(path) ? path : OTHER
    if (path.startsWith(ASSETS_PATH)) return `${ASSETS_PATH}[file]`
    if (path.startsWith("/_next/static/")) return "/_next/static/[file]"
    if (fixed.has(path)) return path
    return dynamic.find(({ matches }) => matches.test(path))?.route ?? OTHER
  }
}

function patternOf(route: string) {
  const parts = route
    .split("/")
    .map((part) => (part.startsWith("[...") ? ".+" : part.replace(/^\[.+\]$/, "[^/]+")))
  return new RegExp(`^${parts.join("/").replaceAll(/\.(?=\w)/g, "\\.")}$`)
}

/** The group of clients that a route serves, for metrics with too many series by route. */
export function sideOf(route: string) {
  if (/^\/[sr]\//.test(route) || route === OLD_LINK) return "visitor"
  if (route.startsWith("/api/v1/")) return "api"
  if (route.endsWith("/[file]")) return "asset"
  return route === OTHER ? OTHER : "page"
}
