import "server-only"
import type { SessionMember } from "#lib/accounts/member.ts"
import { refusal } from "#lib/text/sentences.ts"

/**
 * Refuses (confirm_required) a change that needs a sign-in or a confirmation in the last minutes. A
 * page then asks the member to confirm, and repeats its call.
 */
export function requireConfirmed({ confirmed }: Pick<SessionMember, "confirmed">): void {
  if (confirmed) return
  throw refusal("confirm_required", "confirm_first")
}
