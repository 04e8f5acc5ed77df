import "server-only"
import { isUuid } from "#lib/adapters/text/uuid.ts"
import { OPEN_LINK } from "#lib/rooms/shares/links/link.ts"

/** An address with its calls. */
export type Found<One> = {
  /** HEAD has the call of GET, unless that refuses it. */
  byMethod: Map<string, One>
  /** The texts in the path where the address has ids. */
  params: Record<string, string>
  /** The address as metrics name it: `/api/v1/files/[id]`. */
  name: string
}

type Addressed = { at: string; redirects?: true; noHead?: true }

/** A part of addresses, with those that may follow; `id` is the name of the id it stands for. */
type Part<One> = Omit<Found<One>, "params"> & { id?: string; next: Map<string, Part<One>> }

/** The key of a segment that is an id; paths contain no spaces. */
const ID = " "

/**
 * Makes the function that finds the calls at a path, or returns undefined. A param may be any text,
 * so check it with `areIds`. Throws for two calls at one address.
 */
export function findAmong<One extends Addressed>(calls: readonly One[]) {
  const root: Part<One> = { name: "", byMethod: new Map(), next: new Map() }
  for (const call of calls) {
    const [method = "", ...texts] = call.at.split(/ ?\//)
    let part = root
    for (const text of texts) {
      const id = /^\{(\w+)\}$/.exec(text)?.[1]
      const name = `${part.name}/${id ? `[${id}]` : text}`
      const made = { name, ...(id && { id }), byMethod: new Map(), next: new Map() }
      const next: Part<One> = part.next.get(id ? ID : text) ?? made
      part.next.set(id ? ID : text, next)
      part = next
    }
    if (part.byMethod.has(method)) throw new Error(`There are two calls at ${call.at}.`)
    part.byMethod.set(method, call)
    if (method === "GET" && !call.redirects && !call.noHead) part.byMethod.set("HEAD", call)
  }
  return (path: string): Found<One> | undefined => {
    const params: Record<string, string> = {}
    let part: Part<One> | undefined = root
    for (const text of path.slice(1).split("/")) {
      part = part.next.get(text) ?? (text ? part.next.get(ID) : undefined)
      if (!part) return undefined
      if (part.id) params[part.id] = text
    }
    return part.byMethod.size > 0 ? { byMethod: part.byMethod, params, name: part.name } : undefined
  }
}

/** Whether every param is an id, or `open` for the link of a share that anyone may use. */
export const areIds = (params: Record<string, string>) =>
  Object.entries(params).every(
    ([name, text]) => isUuid(text) || (name === "linkId" && text === OPEN_LINK),
  )
