import "server-only"
import { Refusal } from "./errors.ts"

// https://www.postgresql.org/docs/current/errcodes-appendix.html: no connection, a standby, too many, shutting down.
const SQL_STATES = /^(08...|25006|53300|57P0[1-3])$/
// Undone for another's sake, or waited too long.
const BUSY_SQL_STATES = /^(40001|40P01|55P03|57014)$/
// https://www.prisma.io/docs/orm/reference/error-reference: not reachable, timed out, closed, none free in the pool.
const PRISMA = /^P(1001|1002|1008|1017|2024)$/
// A transaction that took too long, and one undone for another's sake.
const BUSY_PRISMA = /^P(2028|2034)$/
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)$/
/** What the AWS SDK calls a bucket that is not there: HEAD's answer has no body to say it. */
const NO_BUCKET = /^(NoSuchBucket|NotFound)$/
// pg gives these errors neither a class nor a code; Prisma quotes their text after its own.
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error)/m
/** What Prisma's adapter calls them. */
const KINDS = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/

/** What to say when the database or the storage cannot be reached or is too busy; null for any other error. */
export function outageOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (error.name === "CredentialsProviderError") return unreachable("storage")
  const metadata = property(error, "$metadata") // only the AWS SDK's errors have it
  if (metadata) {
    const isDown = isStorageDown(metadata) || NO_BUCKET.test(error.name)
    return isDown ? unreachable("storage") : null
  }
  if (isConnectionLoss(error)) return unreachable("database")
  return isBusy(error) ? unavailable("The database is busy just now.") : null
}

/** Whether a statement gave up waiting for a lock, as `lock_timeout` told it to. */
export function isLockTimeout(error: unknown): boolean {
  return codesOf(error).includes("55P03")
}

function isBusy(error: unknown) {
  return (
    matches(BUSY_PRISMA, property(error, "code")) ||
    codesOf(error).some((code) => matches(BUSY_SQL_STATES, code))
  )
}

/** No answer came, or one that says that it is the store's fault. 501 is about the request and stays. */
function isStorageDown(metadata: unknown) {
  const status = property(metadata, "httpStatusCode")
  return typeof status !== "number" || (status >= 500 && status !== 501)
}

function isConnectionLoss(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss)
  return (
    codesOf(error).some((code) => matches(SQL_STATES, code) || matches(NETWORK, code)) ||
    matches(PRISMA, property(error, "code")) ||
    matches(KINDS, property(causeOf(error), "kind")) ||
    DRIVER.test(error.message)
  )
}

/** The driver's own error below Prisma's. */
const causeOf = (error: unknown) =>
  property(property(property(error, "meta"), "driverAdapterError"), "cause")

const codesOf = (error: unknown) => [
  property(error, "code"),
  property(causeOf(error), "originalCode"),
]

const matches = (pattern: RegExp, text: unknown) => typeof text === "string" && pattern.test(text)

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined
}

const unreachable = (what: "database" | "storage") =>
  unavailable(`The ${what} cannot be reached just now.`)

const unavailable = (sentence: string) =>
  new Refusal("unavailable", `${sentence} Please try again shortly.`, { retryAfterSeconds: 5 })
