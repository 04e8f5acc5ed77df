import "server-only"
import { refusal } from "#lib/adapters/text/sentences.ts"
import type { SessionMember } from "#lib/rooms/accounts/member.ts"

/**
 * Refuses (confirm_required) a change that needs a sign-in or a confirmation in the last minutes. A
 * page then asks the member to confirm, and repeats its call.
 */
export function requireConfirmed({ confirmed }: Pick<SessionMember, "confirmed">): void {
  if (confirmed) return
  throw refusal("confirm_required", "confirm_first")
}
