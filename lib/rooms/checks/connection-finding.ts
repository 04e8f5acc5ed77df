import "server-only"
import { type ConnectionFault, connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { isDiskFullError } from "#lib/adapters/outages/outage.ts"
import { reasonOf } from "#lib/adapters/storage.ts"

/** A server that a check connects to, and the setting that names it. */
export type Asked = { place: string; setting: string }

/** Returns the finding for a failed connection; null if the error is another one. */
export function connectionFinding(error: unknown, asked: Asked) {
  const reason = typeof error === "string" ? error : reasonOf(error)
  const code = isDiskFullError(error) ? "no_room" : connectionFault(reason)
  return code && foundAs(code, reason, asked)
}

/** Returns the finding for a server that gave no answer. */
export const unreachedFinding = (error: unknown, asked: Asked) =>
  connectionFinding(error, asked) ?? foundAs("no_answer", reasonOf(error), asked)

const foundAs = (code: ConnectionFault, reason: string, asked: Asked) =>
  ({ state: "fail", code, values: { ...asked, reason } }) as const
