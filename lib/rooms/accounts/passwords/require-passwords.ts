import "server-only"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"

/** Refuses (not_allowed) any use of a password if members sign in only with the provider. */
export function requirePasswords(): void {
  if (hasPasswords()) return
  throw refusal("not_allowed", "password_off", { provider: providerName() ?? "" })
}
