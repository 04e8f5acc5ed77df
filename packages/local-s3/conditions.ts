import type { StoredObject } from "./disk/objects.ts"
import { type Exchange, headerValue } from "./exchange.ts"
import { S3Error } from "./s3-error.ts"

type Names = { match: string; noneMatch: string; modified: string; unmodified: string }

const READ: Names = {
  match: "if-match",
  noneMatch: "if-none-match",
  modified: "if-modified-since",
  unmodified: "if-unmodified-since",
}
const COPY_SOURCE: Names = {
  match: "x-amz-copy-source-if-match",
  noneMatch: "x-amz-copy-source-if-none-match",
  modified: "x-amz-copy-source-if-modified-since",
  unmodified: "x-amz-copy-source-if-unmodified-since",
}

type Outcome = { holds: true } | { holds: false; condition: string; notModified: boolean }

/** RFC 9110 §13.2.2: an ETag condition that is present overrules the date condition beside it. */
function evaluate(exchange: Exchange, object: StoredObject, names: Names): Outcome {
  const value = (name: string) => headerValue(exchange, name)
  const seconds = Math.floor(object.lastModified / 1000)
  const failed = (condition: string, notModified: boolean): Outcome => ({
    holds: false,
    condition,
    notModified,
  })

  const match = value(names.match)
  const unmodified = httpSeconds(value(names.unmodified))
  if (match !== undefined) {
    if (!listsEtag(match, object.etag)) return failed(names.match, false)
  } else if (unmodified !== null && seconds > unmodified) return failed(names.unmodified, false)

  const noneMatch = value(names.noneMatch)
  const modified = httpSeconds(value(names.modified))
  if (noneMatch !== undefined) {
    if (listsEtag(noneMatch, object.etag)) return failed(names.noneMatch, true)
  } else if (modified !== null && seconds <= modified) return failed(names.modified, true)
  return { holds: true }
}

/** The conditions of a GET or HEAD. Refuses with 412; true means the client's copy is still good. */
export function isNotModified(exchange: Exchange, object: StoredObject) {
  const outcome = evaluate(exchange, object, READ)
  if (outcome.holds) return false
  if (!outcome.notModified) throw preconditionFailed(outcome.condition)
  return true
}

/** The conditions a copy sets on its source; all failures are 412. */
export function checkCopySource(exchange: Exchange, source: StoredObject) {
  const outcome = evaluate(exchange, source, COPY_SOURCE)
  if (!outcome.holds) throw preconditionFailed(outcome.condition)
}

/**
 * The conditions a write sets on what is there now. To be asked early, so that a refused upload need
 * not be sent, and again under the key's lock, where it counts.
 */
export function writeCondition(exchange: Exchange) {
  const noneMatch = headerValue(exchange, "if-none-match")
  const match = headerValue(exchange, "if-match")
  if (noneMatch !== undefined && noneMatch.trim() !== "*")
    throw new S3Error("NotImplemented", undefined, { Header: "If-None-Match" })
  return (current: StoredObject | undefined) => {
    if (noneMatch !== undefined && current) throw preconditionFailed("If-None-Match")
    if (match === undefined) return
    if (!current) throw new S3Error("NoSuchKey")
    if (!listsEtag(match, current.etag)) throw preconditionFailed("If-Match")
  }
}

/** If-Range: whether the Range still belongs to what is there (RFC 9110 §13.1.5). */
export function isRangeStillGood(exchange: Exchange, object: StoredObject) {
  const value = headerValue(exchange, "if-range")?.trim()
  if (value === undefined) return true
  if (value.startsWith('"')) return value === `"${object.etag}"`
  return httpSeconds(value) === Math.floor(object.lastModified / 1000)
}

function listsEtag(list: string, etag: string) {
  return list
    .split(",")
    .map((entry) => entry.trim().replace(/^W\//, "").replace(/^"|"$/g, ""))
    .some((entry) => entry === "*" || entry === etag)
}

function httpSeconds(text: string | undefined) {
  if (text === undefined) return null
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : Math.floor(time / 1000)
}

function preconditionFailed(condition: string) {
  return new S3Error("PreconditionFailed", undefined, { Condition: condition })
}
