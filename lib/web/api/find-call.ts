import "server-only"
import { isUuid } from "#lib/adapters/text/uuid.ts"

/** An address with its calls. */
export type Found<One> = {
  /** HEAD has the call of GET. */
  byMethod: ReadonlyMap<string, One>
  /** The texts in the path where the address has ids. */
  params: Record<string, string>
  /** The address as metrics name it: `/api/v1/files/[id]`. */
  name: string
}

/**
 * Makes the function that finds the calls at a path; it returns undefined where there is none. Any
 * text may stand where an id does, so ask `areIds` of the params. Throws for two calls at one
 * address.
 */
export function findAmong<One extends { at: string }>(calls: readonly One[]) {
  const byPath = new Map<string, Map<string, One>>()
  for (const call of calls) {
    const [method = "", address = ""] = call.at.split(" ")
    const path = `/api/v1${address}`
    const byMethod = byPath.get(path) ?? new Map<string, One>()
    if (byMethod.has(method)) throw new Error(`There are two calls at ${call.at}.`)
    byMethod.set(method, call)
    if (method === "GET") byMethod.set("HEAD", call)
    byPath.set(path, byMethod)
  }
  const withId = (path: string) => Number(path.includes("{"))
  const addresses = [...byPath]
    .sort(([one], [other]) => withId(one) - withId(other))
    .map(([path, byMethod]) => ({
      byMethod,
      name: path.replace(/\{(\w+)\}/g, "[$1]"),
      pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)").replaceAll(".", "\\.")}$`),
    }))
  return (asked: string): Found<One> | undefined => {
    for (const { pattern, ...address } of addresses) {
      const match = pattern.exec(asked)
      if (match) return { ...address, params: { ...match.groups } }
    }
  }
}

/** Whether each text in the place of an id is one. */
export const areIds = (params: Record<string, string>) => Object.values(params).every(isUuid)
