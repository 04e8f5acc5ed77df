import "server-only"
import ipaddr from "ipaddr.js"
import { configuration, hasPasswords } from "#lib/adapters/configuration.ts"
import { isLoopback } from "#lib/adapters/http/is-loopback.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { requirePasswords } from "../passwords/require-passwords.ts"

/** Why passkeys do not work at APP_URL: its host is an IP address, or it is not https. */
export type NoPasskeys = "ip_address" | "not_https"

const appUrl = () => new URL(configuration.APP_URL)

/** Returns why passkeys do not work at this address; null if they do. */
export function whyNoPasskeys({ protocol, hostname } = appUrl()): NoPasskeys | null {
  if (ipaddr.isValid(hostname.replace(/^\[|\]$/g, ""))) return "ip_address"
  return protocol === "https:" || isLoopback(hostname) ? null : "not_https"
}

/**
 * The host that passkeys belong to (the RP ID of WebAuthn). They work at no other host. Null if
 * passkeys do not work, or if members sign in only with the provider: a person who loses access at
 * the provider must also lose it here.
 */
export const passkeyHost = (): string | null =>
  whyNoPasskeys() || !hasPasswords() ? null : appUrl().hostname

/** Returns the host of passkeys. Refuses (not_allowed) if passkeys do not work. */
export function requirePasskeyHost(): string {
  requirePasswords()
  const host = passkeyHost()
  if (host === null) throw refusal("not_allowed", "passkey_host")
  return host
}
