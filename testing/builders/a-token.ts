import type { MemberId } from "#lib/rooms/accounts/member.ts"
import { createToken } from "#lib/rooms/accounts/tokens/create-token.ts"
import type { MadeToken, Scope, TokenCaps } from "#lib/rooms/accounts/tokens/token.ts"
import { aSession, sessionMember } from "./a-session.ts"

/** An API token of a member, as the member's own page makes one. */
export async function aToken(
  memberId: string,
  scopes: Scope[],
  caps?: TokenCaps,
): Promise<MadeToken> {
  const by = await sessionMember(await aSession(memberId as MemberId))
  return createToken(by, { name: "Build", scopes, ...(caps && { caps }) })
}
