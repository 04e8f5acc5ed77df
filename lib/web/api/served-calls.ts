import "server-only"
import { processWide } from "#lib/adapters/process-wide.ts"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import type { Call } from "./call.ts"

/** An address with its calls. */
export type Found = {
  callBy(method: string): Call | undefined
  methods: string[]
  /** The ids in the path, in its order. */
  ids: string[]
  /** The address as metrics name it: `/api/v1/files/[id]`. */
  name: string
}

/** Finds the calls at a path; undefined where there is none. A text that is no id leads to none. */
export type FindCalls = (path: string) => Found | undefined

/** Stands for an id; no path has a space. */
const ID = " "

/** Makes the finder of these calls. Throws for two calls at one address. */
export function findAmong(calls: readonly Call[]): FindCalls {
  const byPath = new Map<string, { name: string; byMethod: Map<string, Call> }>()
  for (const call of calls) {
    const [method = "", path = ""] = call.at.split(" ")
    const full = `/api/v1${path}`
    const key = full.replace(/\{\w+\}/g, ID)
    const name = full.replace(/\{(\w+)\}/g, "[$1]")
    const { byMethod } = byPath.get(key) ?? { byMethod: new Map<string, Call>() }
    if (byMethod.has(method)) throw new Error(`There are two calls at ${call.at}.`)
    byMethod.set(method, call)
    if (method === "GET") byMethod.set("HEAD", call)
    byPath.set(key, { name, byMethod })
  }
  return (path) => {
    const parts = path.split("/")
    const found = byPath.get(parts.map((part) => (isUuid(part) ? ID : part)).join("/"))
    if (!found) return undefined
    const { name, byMethod } = found
    const methods = [...byMethod.keys()]
    return { callBy: (method) => byMethod.get(method), methods, ids: parts.filter(isUuid), name }
  }
}

/**
 * The calls that this process serves. Next loads the route that serves them, when it starts or, in
 * development, at the first call; server/http reads them here and does not load them again.
 */
export const served = () =>
  processWide("served calls", (): { find: FindCalls } => ({ find: () => undefined }))
