import "server-only"
import { refusal } from "#lib/text/sentences.ts"
import type { MemberId } from "../member.ts"
import { ANYWHERE, checkAttempt } from "../sign-in/throttle.ts"
import { inviteNeedsAddress } from "./usable.ts"

/**
 * Counts an invitation without an address, by which anyone can join. Refuses it (invalid) where an
 * invitation needs an address, and (too_many) the 51st of a member within an hour.
 */
export async function limitOpenInvite(by: MemberId, email: string | null): Promise<void> {
  if (email !== null) return
  if (inviteNeedsAddress()) throw refusal("invalid", "invite_address", {}, { field: "email" })
  await checkAttempt({ purpose: "invite_anyone", subject: by, address: ANYWHERE })
}
