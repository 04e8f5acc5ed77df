import "server-only"
import { type ConnectionFault, connectionFault } from "#lib/adapters/outages/connection-fault.ts"
import { isDiskFullError } from "#lib/adapters/outages/outage.ts"
import { reasonOf } from "#lib/adapters/storage.ts"

/** A server that a check connects to, and the setting that contains its address. */
type Asked = { place: string; setting: string }

/** Returns the finding for a failed connection; null for any other error. */
export function connectionFinding(error: unknown, asked: Asked) {
  const reason = typeof error === "string" ? error : reasonOf(error)
  const code = isDiskFullError(error) ? "no_room" : connectionFault(reason)
  return code && foundAs(code, reason, asked)
}

export const unreachedFinding = (error: unknown, asked: Asked) =>
  connectionFinding(error, asked) ?? foundAs("no_answer", reasonOf(error), asked)

const foundAs = (code: ConnectionFault, reason: string, asked: Asked) =>
  ({ state: "fail", code, values: { ...asked, reason } }) as const
