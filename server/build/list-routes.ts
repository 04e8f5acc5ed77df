import fs from "node:fs"
import path from "node:path"
import type { Call } from "#lib/web/api/call.ts"

const app = path.join(import.meta.dirname, "../../app")
const GROUP = /^\(.+\)$/ // a folder that Next leaves out of addresses
const PAGE = /^(page|route)\.tsx?$/
const IMAGE = /^(icon|apple-icon|opengraph-image)\.(svg|png)$/

/** What the HTTP server knows of a call of `/api/v1`. */
export type ListedCall = { at: string; cost?: Call["cost"] | undefined; takesBody: boolean }
export type Routes = {
  /** The routes of app/, as Next names them: `/shares/[id]`. */
  routes: string[]
  calls: ListedCall[]
}

/** Lists what the app answers. It loads all rooms, so a build keeps the list for its web processes. */
export async function listRoutes(): Promise<Routes> {
  const { CALLS } = await import("#lib/web/api/calls/all-calls.ts")
  const calls = CALLS.map(({ at, cost, body }: Call) => ({
    at,
    cost,
    takesBody: body !== undefined,
  }))
  return { routes: listPages(), calls }
}

function listPages() {
  return fs.readdirSync(app, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    const name = path.basename(file)
    if (!PAGE.test(name) && !IMAGE.test(name)) return []
    const folders = path.dirname(file).split(path.sep)
    const parts = [...folders, ...(IMAGE.test(name) ? [name] : [])]
    return `/${parts.filter((part) => part !== "." && !GROUP.test(part)).join("/")}`
  })
}
