import "server-only"
import { Refusal } from "./errors.ts"

// https://www.postgresql.org/docs/current/errcodes-appendix.html: no connection, too many, shutting down, timed out.
const SQL_STATES = /^(08...|53300|57014|57P0[1-3])$/
// https://www.prisma.io/docs/orm/reference/error-reference: not reachable, timed out, closed, none free in the pool.
const PRISMA = /^P(1001|1002|1008|1017|2024)$/
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)$/
/** What the AWS SDK calls a bucket that is not there: HEAD's answer has no body to say it. */
const NO_BUCKET = /^(NoSuchBucket|NotFound)$/
// Prisma tells the driver's sentence after its own.
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error)/m
/** What Prisma's adapter calls them. */
const KINDS = /^(DatabaseNotReachable|ConnectionClosed|SocketTimeout|TooManyConnections)$/

/** What to say when the database or the storage cannot be reached; null for any other error. */
export function outageOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (error.name === "CredentialsProviderError") return unreachable("storage")
  const metadata = property(error, "$metadata") // only the AWS SDK's errors have it
  if (metadata) {
    const isDown = isStorageDown(metadata) || NO_BUCKET.test(error.name)
    return isDown ? unreachable("storage") : null
  }
  return isConnectionLoss(error) ? unreachable("database") : null
}

/** No answer came, or one that says that it is the store's fault. 501 is about the request and stays. */
function isStorageDown(metadata: unknown) {
  const status = property(metadata, "httpStatusCode")
  return typeof status !== "number" || (status >= 500 && status !== 501)
}

function isConnectionLoss(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss)
  const cause = property(property(property(error, "meta"), "driverAdapterError"), "cause")
  const codes = [property(error, "code"), property(cause, "originalCode")]
  return (
    codes.some((code) => matches(SQL_STATES, code) || matches(NETWORK, code)) ||
    matches(PRISMA, property(error, "code")) ||
    matches(KINDS, property(cause, "kind")) ||
    DRIVER.test(error.message)
  )
}

const matches = (pattern: RegExp, text: unknown) => typeof text === "string" && pattern.test(text)

function property(of: unknown, name: string): unknown {
  return typeof of === "object" && of !== null ? Reflect.get(of, name) : undefined
}

const unreachable = (what: "database" | "storage") =>
  new Refusal("unavailable", `The ${what} cannot be reached just now. Please try again shortly.`, {
    retryAfterSeconds: 5,
  })
