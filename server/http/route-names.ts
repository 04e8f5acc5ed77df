import { ASSETS_PATH } from "#visitor/assets.ts"

/** The parts after the token in visitors' addresses; a test compares them with visitor/. */
export const VISITOR_ADDRESSES = [
  "",
  "/state",
  "/unlock",
  "/ask",
  "/claim",
  "/d/[file]",
  "/p/[file]",
  "/t/[file]",
]
/** The parts after the token in the addresses of requests. */
export const REQUEST_ADDRESSES = [
  "",
  "/unlock",
  "/files",
  "/files/batch",
  "/files/[file]",
  "/files/[file]/upload",
  "/files/[file]/parts",
  "/files/[file]/complete",
  "/done",
  "/receipt",
]
const VISITOR_ROUTES = new Map([
  ...VISITOR_ADDRESSES.map((address) => [`/s${address}`, `/s/[token]${address}`] as const),
  ...REQUEST_ADDRESSES.map((address) => [`/r${address}`, `/r/[token]${address}`] as const),
])
const BELOW_LINK = /^\/s\/[^/]+((?:\/[a-z]+)?)(\/[^/]+)?$/
const BELOW_REQUEST = /^\/r\/[^/]+(\/.*)?$/

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
  const dynamic = routes
    .filter((route) => route.includes("["))
    .map((route) => ({ route, matches: patternOf(route) }))
  return (path) => {
    if (path.startsWith("/s/")) return visitorRoute(path)
    if (path.startsWith("/r/")) return requestRoute(path)
    if (path.startsWith("/share/")) return OLD_LINK
    if (path.startsWith("/api/v1/")) return findCall(path)?.name ?? (fixed.has(path) ? path : OTHER)
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

function visitorRoute(path: string) {
  const [, name, file] = BELOW_LINK.exec(path) ?? []
  return VISITOR_ROUTES.get(`/s${name}${file ? "/[file]" : ""}`) ?? OTHER
}

function requestRoute(path: string) {
  const [, below = ""] = BELOW_REQUEST.exec(path) ?? []
  const address = below.replace(/^\/files\/(?!batch$)[^/]+/, "/files/[file]")
  return VISITOR_ROUTES.get(`/r${address}`) ?? OTHER
}

/** The group of clients that a route serves, for metrics with too many series by route. */
export function sideOf(route: string) {
  if (/^\/[sr]\//.test(route) || route === OLD_LINK) return "visitor"
  if (route.startsWith("/api/v1/")) return "api"
  if (route.endsWith("/[file]")) return "asset"
  return route === OTHER ? OTHER : "page"
}
