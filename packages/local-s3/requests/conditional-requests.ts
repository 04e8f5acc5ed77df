import type { Precondition, StoredObject } from "../disk/store.ts"
import { S3Error } from "../s3-error.ts"
import { headerValue, type RequestContext } from "./request-context.ts"

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

/** RFC 9110 §13.2.2: an ETag condition takes precedence over its date condition. */
function evaluate(context: RequestContext, object: StoredObject, names: Names): Outcome {
  const value = (name: string) => headerValue(context, name)
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

/** Evaluates the conditions of a GET or HEAD: true means 304. Refuses a failed match (412). */
export function isNotModified(context: RequestContext, object: StoredObject) {
  const outcome = evaluate(context, object, READ)
  if (outcome.holds) return false
  if (!outcome.notModified) throw preconditionFailed(outcome.condition)
  return true
}

/** Checks the conditions that a copy sets on its source. Every failure is 412. */
export function requireCopySourceConditions(context: RequestContext, source: StoredObject) {
  const outcome = evaluate(context, source, COPY_SOURCE)
  if (!outcome.holds) throw preconditionFailed(outcome.condition)
}

/**
 * Returns the conditions that a write sets on the current object. They are checked twice: early, so
 * that a client need not send an upload that would be refused, and again under the key's lock.
 */
export function writePrecondition(context: RequestContext): Precondition {
  const requireInTime = commitDeadline(context).require
  const noneMatch = headerValue(context, "if-none-match")
  const match = headerValue(context, "if-match")
  if (noneMatch !== undefined && noneMatch.trim() !== "*")
    throw new S3Error("NotImplemented", undefined, { Header: "If-None-Match" })
  return (current) => {
    requireInTime()
    if (noneMatch !== undefined && current) throw preconditionFailed("If-None-Match")
    if (match === undefined) return
    if (!current) throw new S3Error("NoSuchKey")
    if (!listsEtag(match, current.etag)) throw preconditionFailed("If-Match")
  }
}

/** A presigned write must be complete this long after its URL has expired. */
const COMMIT_GRACE_MS = 10 * 60_000

/**
 * Returns when a presigned write must be complete. Code that deletes an object waits until no URL
 * can write it again, so there must be a known end; S3 itself sets none for an upload that began in
 * time. The grace period is five minutes less than the fifteen that a deletion should wait.
 */
export function commitDeadline({ authentication, now }: RequestContext) {
  const { expiresAt } = authentication
  const deadline = expiresAt === null ? Number.POSITIVE_INFINITY : expiresAt + COMMIT_GRACE_MS
  const leftMs = () => deadline - now().getTime()
  const require = () => {
    if (leftMs() > 0) return
    throw new S3Error("AccessDenied", "Request has expired", {
      Expires: new Date(expiresAt ?? 0).toISOString(),
      ServerTime: now().toISOString(),
    })
  }
  return { leftMs, require }
}

/** Whether the Range may be used: If-Range still matches the object (RFC 9110 §13.1.5). */
export function ifRangeHolds(context: RequestContext, object: StoredObject) {
  const value = headerValue(context, "if-range")?.trim()
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
