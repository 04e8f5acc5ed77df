import "server-only"
import { AsyncLocalStorage } from "node:async_hooks"
import { createHmac } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { linkDerivedKeys } from "#lib/adapters/secrets.ts"

const HASH_BYTES = 12

type Token = { id: string; name: string }
/** A person, and the team for which they act. */
type Acting = { id: string; team: { id: string } | null }
type Origin = { address: string; token: Token | null; acting: Acting | null }

const requestOrigin = processWide("request origin", () => new AsyncLocalStorage<Origin>())

type Caller = Acting & { token: Token | null }

/**
 * Runs the work of a request, whose audit entries get this client's address as their origin, the
 * token that makes it, and the person who acts for a team. Only lib/web and lib/api call it. Work
 * outside of a request has no origin.
 */
export const withAddress = <Result>(
  address: string,
  work: () => Result,
  by: Caller | null = null,
): Result => requestOrigin.run({ address, token: by?.token ?? null, acting: by }, work)

/** Returns the person who acts for this team in the current request; null for any other owner. */
export function personFor(owner: string | null): string | null {
  const acting = requestOrigin.getStore()?.acting
  return acting?.team?.id === owner && acting.id !== owner ? acting.id : null
}

/** Returns the token that makes the current request; null for a session, and outside of requests. */
export const currentToken = (): Token | null => requestOrigin.getStore()?.token ?? null

/** Returns the origin for entries of the current request; null outside of a request. */
export function currentOrigin(): string | null {
  const address = requestOrigin.getStore()?.address
  if (!address || address === "unknown") return null
  return configuration.AUDIT_ADDRESSES ? address : (hashes(address)[0] ?? null)
}

/** Every form in which the address may be stored: itself, and a keyed hash by each secret. */
export const storedForms = (address: string): string[] => [address, ...hashes(address)]

/** Hashes as "#" and 16 characters: HMAC-SHA256 with a key that is not in the database. */
const hashes = (address: string) =>
  linkDerivedKeys("audit address").map((key) => {
    const mac = createHmac("sha256", key).update(address).digest()
    return `#${mac.subarray(0, HASH_BYTES).toString("base64url")}`
  })
