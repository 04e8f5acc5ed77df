import { configuration } from "#lib/adapters/configuration.ts"
import type { Settings } from "#lib/rooms/settings/setting.ts"

/** Whether an invitation needs an address: the provider links an account by it. */
export const inviteNeedsAddress = (): boolean => configuration.OIDC_ISSUER !== undefined

/**
 * Returns the condition of a valid invite. An invite is valid until it is used or expires, as long
 * as its inviter is active and may invite: an admin or, if a setting allows it, any member who
 * invites a member.
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
