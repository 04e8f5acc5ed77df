import "server-only"
import { createHash, randomBytes } from "node:crypto"
import { cookies } from "next/headers"
import { configuration } from "#lib/adapters/configuration.ts"
import { sendCookie } from "#lib/web/document-status.ts"
import { isHttps } from "./session-cookie.ts"

/**
 * Returns the token with which next-auth accepts a form of the page that is being rendered. Sets
 * next-auth's cookie if the browser has none that is valid, so that the page works without script.
 */
export async function formToken(): Promise<string> {
  const name = `${isHttps() ? "__Host-" : ""}next-auth.csrf-token`
  const [kept = "", hash] = (await cookies()).get(name)?.value.split("|") ?? []
  if (hash === hashOf(kept)) return kept
  const token = randomBytes(32).toString("hex")
  const value = encodeURIComponent(`${token}|${hashOf(token)}`)
  sendCookie(`${name}=${value}; Path=/; HttpOnly; SameSite=Lax${isHttps() ? "; Secure" : ""}`)
  return token
}

const hashOf = (token: string) =>
  createHash("sha256").update(`${token}${configuration.AUTH_SECRET}`).digest("hex")
