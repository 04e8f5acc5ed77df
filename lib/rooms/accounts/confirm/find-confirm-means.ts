import "server-only"
import { hasPasswords, providerName } from "#lib/adapters/configuration.ts"
import { db } from "#lib/adapters/database.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"
import {
  CONFIRM_PAGE,
  canConfirmByProvider,
  confirmAddress,
} from "../provider/confirm-by-provider.ts"
import { findSignInWays } from "../provider/find-sign-in-ways.ts"
import type { ConfirmMeans } from "./confirmation.ts"

/** Returns how a member can confirm their identity: with a second factor, if there is one. */
export async function findConfirmMeans(member: SessionMember): Promise<ConfirmMeans> {
  const [totp, passkey, ways, byProvider] = await Promise.all([
    db.totp.findUnique({ where: { memberId: member.id }, select: { memberId: true } }),
    passkeyOf(member.id),
    findSignInWays(member.id),
    canConfirmByProvider(member),
  ])
  const name = providerName()
  return {
    confirmed: member.confirmed,
    password: ways.password && totp === null && passkey === null,
    code: hasPasswords() && totp !== null,
    passkey: passkey !== null,
    provider: byProvider && name ? { name, path: confirmAddress(CONFIRM_PAGE) } : null,
  }
}

async function passkeyOf(memberId: string) {
  const rpId = passkeyHost()
  return rpId === null
    ? null
    : db.passkey.findFirst({ where: { memberId, rpId }, select: { id: true } })
}
