import { createServer } from "node:net"
import { SetupError } from "#lib/adapters/errors.ts"

const SETTINGS = { host: "HOST", port: "PORT" }

/** Explains why nothing can listen on a port, as a SetupError that names the setting. */
export function portError(
  error: NodeJS.ErrnoException,
  host: string | undefined,
  port: number,
  settings = SETTINGS,
) {
  const { code } = error
  if (code === "EADDRINUSE") {
    return new SetupError(
      `Port ${port} is in use by another program: stop it, or set ${settings.port} to a free port.`,
      { cause: error },
    )
  }
  if (code === "EACCES") {
    return new SetupError(
      `Port ${port} may not be used by this user: set ${settings.port} to one above 1023.`,
      { cause: error },
    )
  }
  return new SetupError(
    `${settings.host} is "${host}", which this machine cannot listen on (${code}): set it to one of its own addresses, or to 0.0.0.0 for all.`,
    { cause: error },
  )
}

/** Throws a SetupError if nothing can listen on this port. */
export function requireFreePort(
  host: string | undefined,
  port: number,
  settings: typeof SETTINGS,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once("error", (error) => reject(portError(error, host, port, settings)))
    probe.listen({ port, host: host ?? "::" }, () => probe.close(() => resolve()))
  })
}

/** The address of a server that listens on `host`; undefined means all addresses. */
export function reachable(host: string | undefined) {
  if (!host || host === "0.0.0.0" || host === "::") return "127.0.0.1"
  return host.includes(":") ? `[${host}]` : host
}
