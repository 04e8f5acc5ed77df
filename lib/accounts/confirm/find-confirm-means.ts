import "server-only"
import type { SessionMember } from "#lib/accounts/member.ts"
import { db } from "#lib/db.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"
import type { ConfirmMeans, ProviderMeans } from "./confirmation.ts"

type Providers = { find: (member: SessionMember) => Promise<ProviderMeans | null> }

/**
 * Where a sign-in by a provider joins: what it returns for a member is offered beside the other
 * ways. Its sign-in ends with `confirmSession`, which the open page notices.
 */
export const confirmProviders: Providers = { find: async () => null }

/** Returns how a member can confirm who it is. */
export async function findConfirmMeans(member: SessionMember): Promise<ConfirmMeans> {
  const [totp, passkey, provider] = await Promise.all([
    db.totp.findUnique({ where: { memberId: member.id }, select: { memberId: true } }),
    passkeyOf(member.id),
    confirmProviders.find(member),
  ])
  return {
    confirmed: member.confirmed,
    password: true,
    code: totp !== null,
    passkey: passkey !== null,
    provider,
  }
}

async function passkeyOf(memberId: string) {
  const rpId = passkeyHost()
  return rpId === null
    ? null
    : db.passkey.findFirst({ where: { memberId, rpId }, select: { id: true } })
}
