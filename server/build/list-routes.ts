import fs from "node:fs"
import path from "node:path"
import type { Call } from "#lib/api/call.ts"

const app = path.join(import.meta.dirname, "../../app")
const GROUP = /^\(.+\)$/ // a folder that Next leaves out of addresses
const PAGE = /^(page|route)\.tsx?$/
const IMAGE = /^(icon|apple-icon|opengraph-image)\.(svg|png)$/

/** The routes of app/, as Next names them: `/shares/[id]`. */
export function listRoutes(): string[] {
  return fs.readdirSync(app, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    const name = path.basename(file)
    if (!PAGE.test(name) && !IMAGE.test(name)) return []
    const folders = path.dirname(file).split(path.sep)
    const parts = [...folders, ...(IMAGE.test(name) ? [name] : [])]
    return `/${parts.filter((part) => part !== "." && !GROUP.test(part)).join("/")}`
  })
}

/** The details of a call that the HTTP server needs, with its whole path. */
export type ListedCall = { at: string; cost?: Call["cost"] | undefined; takesBody: boolean }

/** The calls of `/api/v1` and of guests. Loads every room. */
export async function listCalls(): Promise<ListedCall[]> {
  const { CALLS } = await import("#lib/api/calls/all-calls.ts")
  const { GUEST_CALLS } = await import("#lib/api/calls/guests.ts")
  const members = CALLS.map((call) => ({ ...call, at: call.at.replace(" ", " /api/v1") }))
  return [...members, ...GUEST_CALLS].map(({ at, cost, body }) => {
    return { at, cost, takesBody: body !== undefined }
  })
}
