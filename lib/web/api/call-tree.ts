import { processWide } from "#lib/process-wide.ts"
import type { Call } from "./call.ts"

const PREFIX = "/api/v1/"

/** A part of addresses; "{}" stands for an id. */
type Node = { parts: Map<string, Node>; calls: Map<string, Call>; name: string }

export type Found = {
  /** By method. */
  calls: ReadonlyMap<string, Call>
  /** The ids of the path, decoded, in its order. */
  ids: string[]
  /** The address as metrics name it: `/api/v1/files/[id]`. */
  name: string
}

/** Finds the calls at a path; undefined where there is none. */
export type FindCalls = (path: string) => Found | undefined

/** Makes the finder of these calls. Throws for two calls at one address. */
export function findAmong(calls: readonly Call[]): FindCalls {
  const root: Node = { parts: new Map(), calls: new Map(), name: PREFIX.slice(0, -1) }
  for (const call of calls) {
    const [method = "", path = ""] = call.at.split(" ")
    let node = root
    for (const part of path.slice(1).split("/")) {
      const key = part.startsWith("{") ? "{}" : part
      const name = `${node.name}/${part.replace("{", "[").replace("}", "]")}`
      const next = node.parts.get(key) ?? { parts: new Map(), calls: new Map(), name }
      node.parts.set(key, next)
      node = next
    }
    if (node.calls.has(method)) throw new Error(`There are two calls at ${call.at}.`)
    node.calls.set(method, call)
  }
  return (path) => {
    if (!path.startsWith(PREFIX)) return undefined
    const ids: string[] = []
    let node: Node | undefined = root
    for (const part of path.slice(PREFIX.length).split("/")) {
      const fixed: Node | undefined = node.parts.get(part)
      if (!fixed) ids.push(part)
      node = fixed ?? node.parts.get("{}")
      if (!node) return undefined
    }
    return node.calls.size > 0 ? { calls: node.calls, ids: ids.map(decode), name: node.name } : undefined
  }
}

function decode(part: string) {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // no id, so there is nothing
  }
}

/**
 * The calls that this process serves. Next loads the route that declares them; server/http takes
 * body limits, classes and names of metrics from here, without loading them again.
 */
export const served = () =>
  processWide("served calls", (): { find: FindCalls } => ({ find: () => undefined }))
