import "server-only"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** Refuses (not_allowed) every use of a password where members sign in with the provider alone. */
export function requirePasswords(): void {
  if (hasPasswords()) return
  throw refusal("not_allowed", "password_off", { provider: providerName() ?? "" })
}
