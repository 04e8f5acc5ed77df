"use server"

import { InviteInput } from "#lib/accounts/invite.ts"
import { inviteByMember } from "#lib/accounts/invite-member.ts"
import { formText, parse } from "#lib/input.ts"
import { memberAction } from "#lib/web/action.ts"

/** Field `email`, or none. */
export const inviteSomeone = memberAction(async ({ id }, form) => {
  const { email } = parse(InviteInput, { email: formText(form, "email") })
  const { url, expiresAt } = await inviteByMember(id, { email })
  return { url, expiresAt }
})
