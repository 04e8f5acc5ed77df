import fs from "node:fs"
import path from "node:path"
import { ASSETS_PATH } from "#visitor/assets.ts"

/**
 * The parts after the token in visitors' addresses; a test compares them with those of visitor/.
 */
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
const VISITOR_ROUTES = new Map(
  VISITOR_ADDRESSES.map((address) => [address, `/s/[token]${address}`]),
)
const BELOW_LINK = /^\/s\/[^/]+((?:\/[a-z]+)?)(\/[^/]+)?$/

const OLD_LINK = "/share/[id]"
const OTHER = "other"

/**
 * Creates the function that names the route of a path for metrics. The names come from a list in
 * the code and the build, with `[id]` and `[token]` in place of ids and tokens. In development,
 * without a build, pages are `other`.
 */
export function nameRoutes(build: string | null): (path: string) => string {
  const { fixed, dynamic } = build === null ? { fixed: new Set(), dynamic: [] } : readRoutes(build)
  return (path) => {
    if (path.startsWith("/s/")) return visitorRoute(path)
    if (path.startsWith("/share/")) return OLD_LINK
    if (path.startsWith(ASSETS_PATH)) return `${ASSETS_PATH}[file]`
    if (path.startsWith("/_next/static/")) return "/_next/static/[file]"
    if (fixed.has(path)) return path
    return dynamic.find(({ regex }) => regex.test(path))?.page ?? OTHER
  }
}

function visitorRoute(path: string) {
  const [, name, file] = BELOW_LINK.exec(path) ?? []
  return VISITOR_ROUTES.get(`${name}${file ? "/[file]" : ""}`) ?? OTHER
}

type Routes = { staticRoutes: { page: string }[]; dynamicRoutes: { page: string; regex: string }[] }

function readRoutes(build: string) {
  const file = path.join(build, "routes-manifest.json")
  const { staticRoutes, dynamicRoutes }: Routes = JSON.parse(fs.readFileSync(file, "utf8"))
  return {
    fixed: new Set(["/api/live", ...staticRoutes.map(({ page }) => page)]),
    dynamic: dynamicRoutes.map(({ page, regex }) => ({ page, regex: new RegExp(regex) })),
  }
}

/** The group of clients that a route serves, for metrics that would be too many by route. */
export function sideOf(route: string) {
  if (route.startsWith("/s/") || route === OLD_LINK) return "visitor"
  if (route.startsWith("/api/v1/")) return "api"
  if (route.endsWith("/[file]")) return "asset"
  return route === OTHER ? OTHER : "page"
}
