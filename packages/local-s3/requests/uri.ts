import { S3Error } from "../s3-error.ts"

/** The decoded pairs of a query, in the order they were sent. */
export type Query = ReadonlyArray<readonly [name: string, value: string]>

/** A request target, split but not normalised: `..` and `//` are legal in keys. */
export type Target = { path: string; rawQuery: string; query: Query }

export function parseTarget(url: string): Target {
  const local = url.replace(/^https?:\/\/[^/?]*/i, "")
  const question = local.indexOf("?")
  const path = question === -1 ? local : local.slice(0, question)
  const rawQuery = question === -1 ? "" : local.slice(question + 1)
  if (!path.startsWith("/")) throw new S3Error("InvalidURI")
  return { path, rawQuery, query: parseQuery(rawQuery) }
}

function parseQuery(rawQuery: string): Query {
  return rawQuery
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=")
      if (equals === -1) return [percentDecode(pair, true), ""]
      return [
        percentDecode(pair.slice(0, equals), true),
        percentDecode(pair.slice(equals + 1), true),
      ]
    })
}

/** Percent-decodes text as UTF-8. Refuses anything that is not UTF-8 with InvalidURI. */
export function percentDecode(text: string, plusIsSpace = false) {
  try {
    return decodeURIComponent(plusIsSpace ? text.replaceAll("+", " ") : text)
  } catch {
    throw new S3Error("InvalidURI")
  }
}

/** Encodes text as SigV4's UriEncode does: everything but unreserved characters. */
export function uriEncode(text: string) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The first value of a parameter; undefined if it was not sent. */
export function queryValue(query: Query, name: string) {
  return query.find(([candidate]) => candidate === name)?.[1]
}
