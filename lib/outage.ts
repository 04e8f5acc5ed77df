import "server-only"
import { Refusal } from "./errors.ts"

// https://www.postgresql.org/docs/current/errcodes-appendix.html: no connection, too many, shutting down, timed out.
const SQL_STATES = /^(08...|53300|57014|57P0[1-3])$/
const NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOENT|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EPIPE|EHOSTUNREACH|ENETUNREACH)$/
const DRIVER =
  /^(Connection terminated|timeout exceeded when trying to connect|Cannot use a pool after|Client has encountered a connection error)/

/** What to say when the database or the storage cannot be reached; null for any other error. */
export function outageOf(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null
  if (error.name === "CredentialsProviderError") return unreachable("storage")
  return isConnectionLoss(error) ? unreachable("database") : null
}

function isConnectionLoss(error: Error): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLoss)
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  return SQL_STATES.test(code) || NETWORK.test(code) || DRIVER.test(error.message)
}

const unreachable = (what: "database" | "storage") =>
  new Refusal("unavailable", `The ${what} cannot be reached just now. Please try again shortly.`, {
    retryAfterSeconds: 5,
  })
