import fs from "node:fs"
import path from "node:path"

/**
 * Says which server actions a build of Next has. In development Next makes them when they are first
 * asked for: there every id may be one.
 */
export function readActionIds(build: string | null): (id: string) => boolean {
  if (build === null) return () => true
  const file = path.join(build, "server/server-reference-manifest.json")
  const { node }: { node: Record<string, unknown> } = JSON.parse(fs.readFileSync(file, "utf8"))
  const ids = new Set(Object.keys(node))
  return (id) => ids.has(id)
}
