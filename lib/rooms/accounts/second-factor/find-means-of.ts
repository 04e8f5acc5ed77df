import "server-only"
import { db } from "#lib/adapters/database.ts"
import type { AdminId } from "#lib/rooms/accounts/member.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"

/** The second factors of a member, as admins see them. Times are ISO 8601 UTC. */
export type MeansView = {
  /** The number of passkeys, and of those that work at this address. */
  passkeys: number
  usablePasskeys: number
  /** When the authenticator app was set up; null if there is none. */
  appSince: string | null
}

export async function findMeansOf(_admin: AdminId, memberId: string): Promise<MeansView> {
  const [passkeys, totp] = await Promise.all([
    db.passkey.findMany({ where: { memberId }, select: { rpId: true } }),
    db.totp.findUnique({ where: { memberId }, select: { createdAt: true } }),
  ])
  const host = passkeyHost()
  return {
    passkeys: passkeys.length,
    usablePasskeys: passkeys.filter(({ rpId }) => rpId === host).length,
    appSince: totp?.createdAt.toISOString() ?? null,
  }
}
