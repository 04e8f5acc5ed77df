import "server-only"
import type { Refusal } from "#lib/adapters/errors.ts"
import { storageFull } from "#lib/adapters/host/disk-room.ts"
import { isQueueRefusal } from "#lib/adapters/host/fair-queue.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

// No connection, a standby, too many connections, a server that shuts down:
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const SQL_STATES = /^(08...|25006|53300|57P0[1-3])$/
// The statement was rolled back in favour of another transaction, or waited too long.
const BUSY_SQL_STATES = /^(40001|40P01|55P03|57014)$/
// Not reachable, timed out, closed, no connection free in the pool:
// https://www.prisma.io/docs/orm/reference/error-reference
const PRISMA = /^P(1001|1002|1008|1017|2024)$/
// A transaction that took too long, and one that was rolled back in favour of another.
const BUSY_PRISMA = /^P(2028|2034)$/
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)$/
const DISK_FULL = /^(53100|ENOSPC|EDQUOT)$/
/** The embedded object store's answer if its disk has no room. */
const INSUFFICIENT_STORAGE = 507
/** The AWS SDK's names for a missing bucket. A HEAD's answer has no body with an error code. */
const NO_BUCKET = /^(NoSuchBucket|NotFound)$/
// pg and pg-pool throw these as plain errors without a code or a class, so only the text identifies
// them. It is always in English, whatever the server's language. Prisma puts it on a line after its
// own text.
const DRIVER_TEXT =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Cannot use a pool after|Client was closed|Client has encountered a connection error)/m
/** The kinds that Prisma's adapter gives these errors. */
const ADAPTER_KINDS = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/

/**
 * Returns the refusal for an error that means that the database or the storage is unreachable, too
 * busy or full; null for any other error.
 */
export function outageOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (error.name === "CredentialsProviderError") return unavailable("storage")
  const metadata = property(error, "$metadata") // only the AWS SDK's errors have it
  if (metadata) {
    if (property(metadata, "httpStatusCode") === INSUFFICIENT_STORAGE) return storageFull()
    const isDown = isStorageDown(metadata) || NO_BUCKET.test(error.name)
    return isDown ? unavailable("storage") : null
  }
  if (isDiskFullError(error)) return unavailable("disk")
  if (isConnectionLoss(error)) return unavailable("database")
  return isBusy(error) ? unavailable("busy") : null
}

/** Whether the error means that the disk of the database or of this process is full. */
export const isDiskFullError = (error: unknown): boolean =>
  codesOf(error).some((code) => matches(DISK_FULL, code))

/** Whether a statement failed because it waited for a lock longer than its `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return codesOf(error).includes("55P03")
}

/** Whether a row exists already that an inserted one may not equal. */
export const isUniqueViolation = (error: unknown): boolean =>
  property(error, "code") === "P2002" || codesOf(error).includes("23505")

/** Whether the database rolled a statement or a transaction back because it took too long. */
export const isTimeout = (error: unknown): boolean =>
  property(error, "code") === "P2028" || codesOf(error).includes("57014")

function isBusy(error: unknown) {
  return (
    isQueueRefusal(error) ||
    matches(BUSY_PRISMA, property(error, "code")) ||
    codesOf(error).some((code) => matches(BUSY_SQL_STATES, code))
  )
}

/** True if there was no answer, or one that blames the store. 501 blames the request. */
function isStorageDown(metadata: unknown) {
  const status = property(metadata, "httpStatusCode")
  return typeof status !== "number" || (status >= 500 && status !== 501)
}

function isConnectionLoss(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss)
  return (
    codesOf(error).some((code) => matches(SQL_STATES, code) || matches(NETWORK, code)) ||
    matches(PRISMA, property(error, "code")) ||
    matches(ADAPTER_KINDS, property(causeOf(error), "kind")) ||
    DRIVER_TEXT.test(error.message)
  )
}

/** The driver's error, inside of Prisma's or in the adapter's own if Prisma passes that on. */
const causeOf = (error: unknown) =>
  property(property(property(error, "meta"), "driverAdapterError"), "cause") ??
  (property(error, "name") === "DriverAdapterError" ? property(error, "cause") : undefined)

const codesOf = (error: unknown) => [
  property(error, "code"),
  property(causeOf(error), "originalCode"),
]

const matches = (pattern: RegExp, text: unknown) => typeof text === "string" && pattern.test(text)

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined
}

const unavailable = (why: "storage" | "database" | "busy" | "disk") =>
  refusal("unavailable", why, {}, { retryAfterSeconds: 5 })
