import { configuration } from "#lib/adapters/configuration.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"

/**
 * Whether an invitation needs an address: the provider verifies addresses, and links an account by
 * them.
 */
export const inviteNeedsAddress = (): boolean => configuration.OIDC_ISSUER !== undefined

/**
 * The condition of a valid invite. An invite is valid until it is used or expires, while its
 * inviter is active and may invite: an admin, or, where a setting allows it, any member who invited
 * a member.
 */
export function usableBy({ inviters }: Settings, now: Date) {
  const byAdmin = { inviter: { role: "admin", disabledAt: null } } as const
  const byMember = { role: "member", inviter: { disabledAt: null } } as const
  return {
    usedAt: null,
    expiresAt: { gt: now },
    OR: inviters === "members" ? [byAdmin, byMember] : [byAdmin],
  }
}
