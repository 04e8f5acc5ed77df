import "server-only"
import { databaseTimeIn } from "#lib/adapters/database/time.ts"
import type { Tx } from "#lib/adapters/database.ts"
import { refusal } from "#lib/adapters/text/sentences.ts"
import { newId } from "#lib/adapters/text/uuid.ts"
import { changeCredentials } from "#lib/rooms/accounts/change-credentials.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { tellMember } from "../tell-member.ts"
import { live, tokenColumns, tokenView } from "./list-tokens.ts"
import { type MadeToken, mayGive, type NewToken, type TokenView } from "./token.ts"
import { hashOfToken, newTokenText } from "./token-text.ts"

const MAX_TOKENS = 50
const DEFAULT_DAYS = 90
const DAY_MS = 86_400_000

/**
 * Makes a token of the member or of the team for which the member acts, tells the member by mail,
 * and returns its text, which is not stored. Refuses (forbidden) an admin's scope to others and to
 * teams, a service account to all but a team's managers, (invalid) an end in the past, and
 * (conflict) more than 50 tokens.
 */
export async function createToken(by: SessionMember, input: NewToken): Promise<MadeToken> {
  const token = newTokenText()
  const made = await changeCredentials({ by }, (tx) =>
    insertToken(tx, by, { ...input, hash: hashOfToken(token) }),
  )
  return { ...made, token }
}

/** Stores a token by its hash, as `createToken` does, in a change of credentials. */
export async function insertToken(
  tx: Tx,
  by: SessionMember,
  {
    name,
    scopes,
    expiresAt,
    caps = {},
    service = false,
    hash,
  }: NewToken & {
    hash: Uint8Array<ArrayBuffer>
  },
): Promise<TokenView> {
  if (service && !by.team?.manager) throw refusal("forbidden", "managers_only")
  if (scopes.some((scope) => !mayGive(by, scope))) throw refusal("forbidden", "admins_only")
  const now = await databaseTimeIn(tx)
  if (expiresAt && expiresAt <= now)
    throw refusal("invalid", "expiry_past", {}, { field: "expiresAt" })
  if ((await tx.token.count({ where: { memberId: by.owner, ...live(now) } })) >= MAX_TOKENS)
    throw refusal("conflict", "most_tokens", { count: MAX_TOKENS })
  const row = await tx.token.create({
    data: {
      id: newId(),
      memberId: by.owner,
      personId: by.team && !service ? by.id : null,
      name,
      hash,
      scopes,
      expiresAt:
        expiresAt === undefined ? new Date(now.getTime() + DEFAULT_DAYS * DAY_MS) : expiresAt,
      maxDayBytes: caps.maxDayBytes ?? null,
      maxShareDays: caps.maxShareDays ?? null,
      passwordRequired: caps.passwordRequired ?? false,
      verifiedOnly: caps.verifiedOnly ?? false,
    },
    select: tokenColumns,
  })
  await tellMember(tx, { memberId: by.id, actorId: by.id, what: "token_add", name, team: by.team })
  return tokenView(row)
}
