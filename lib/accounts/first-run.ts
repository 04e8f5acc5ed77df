import "server-only"
import { settings } from "#lib/settings.ts"
import { createFirstAdmin, hasMember, setupCode } from "./create-first-admin.ts"

/** The code that opens /setup, or null once a member exists. */
export async function firstRunCode(): Promise<string | null> {
  return (await hasMember()) ? null : setupCode()
}

/** Makes the admin of ADMIN_EMAIL and ADMIN_PASSWORD while no member exists; never changes one. Says whether it did. */
export async function createAdminFromSettings(): Promise<boolean> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = settings
  if (email === undefined || password === undefined || (await hasMember())) return false
  const name = email.slice(0, email.indexOf("@")).slice(0, 80)
  return (await createFirstAdmin({ name, email, password })) !== null
}
