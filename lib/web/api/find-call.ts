import "server-only"
import { isUuid } from "#lib/adapters/text/uuid.ts"

/** An address with its calls. */
export type Found<One> = {
  /** HEAD has the call of GET. */
  byMethod: ReadonlyMap<string, One>
  /** The ids in the path. */
  params: Record<string, string>
  /** The address as metrics name it: `/api/v1/files/[id]`. */
  name: string
}

/** Stands for an id; no path has a space. */
const ID = " "

/**
 * Makes the function that finds the calls at a path; it returns undefined where there is none, such
 * as for a text that is no id. Throws for two calls at one address.
 */
export function findAmong<One extends { at: string }>(calls: readonly One[]) {
  const byPath = new Map<string, { path: string; byMethod: Map<string, One> }>()
  for (const call of calls) {
    const [method = "", address = ""] = call.at.split(" ")
    const path = `/api/v1${address}`
    const key = path.replace(/\{\w+\}/g, ID)
    const { byMethod } = byPath.get(key) ?? { byMethod: new Map<string, One>() }
    if (byMethod.has(method)) throw new Error(`There are two calls at ${call.at}.`)
    byMethod.set(method, call)
    if (method === "GET") byMethod.set("HEAD", call)
    byPath.set(key, { path, byMethod })
  }
  return (asked: string): Found<One> | undefined => {
    const parts = asked.split("/")
    const found = byPath.get(parts.map((part) => (isUuid(part) ? ID : part)).join("/"))
    if (!found) return undefined
    const ids = parts.filter(isUuid)
    const names = [...found.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name)
    const params = Object.fromEntries(names.map((name, place) => [name, ids[place] ?? ""]))
    return { byMethod: found.byMethod, params, name: found.path.replace(/\{(\w+)\}/g, "[$1]") }
  }
}
