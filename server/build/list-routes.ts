import fs from "node:fs"
import path from "node:path"

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
