import "server-only"
import { z } from "zod"
import { db } from "#lib/adapters/database.ts"
import type { AuditorId } from "#lib/rooms/accounts/member.ts"
import { passkeyHost } from "../passkeys/passkey-host.ts"

/** The second factors of a member, as admins see them. Times are ISO 8601 UTC. */
export const MeansView = z.strictObject({
  /** The number of passkeys, and of those that work at this address. */
  passkeys: z.int(),
  usablePasskeys: z.int(),
  /** When the authenticator app was set up; null without one. */
  appSince: z.iso.datetime().nullable(),
})
export type MeansView = z.infer<typeof MeansView>

export async function findMeansOf(_by: AuditorId, memberId: string): Promise<MeansView> {
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
