import "server-only"
import { findInvite } from "#lib/accounts/accept-invite.ts"
import { hasMember, isSetupCode } from "#lib/accounts/create-first-admin.ts"

/** The status of an entry page that does not open, which Next would send as 200; null leaves it to Next. */
export async function entryStatus(path: string, query: string): Promise<403 | 410 | null> {
  const token = /^\/invite\/([^/]+)$/.exec(path)?.[1]
  if (token !== undefined) return (await findInvite(token)) ? null : 410
  if (path !== "/setup" || (await hasMember())) return null
  const code = new URLSearchParams(query).get("code") ?? ""
  return (await isSetupCode(code)) ? null : 403
}
