import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { isAdminScope } from "#lib/rooms/accounts/tokens/token.ts"
import { type Call, scopeOf } from "./call.ts"

/**
 * Returns the member for whom a token makes a call: an admin or auditor only in calls of an admin's scope.
 * Refuses (scope) a call that no token makes, or that is in none of the token's scopes.
 */
export function requireScope(call: Call, member: SessionMember): SessionMember {
  const scope = scopeOf(call)
  if (scope === null) throw refusal("scope", "token_never")
  if (scope !== "any" && !member.token?.scopes.includes(scope))
    throw refusal("scope", "token_scope", { scope })
  return isAdminScope(scope) ? member : { ...member, auditorId: null, adminId: null }
}
