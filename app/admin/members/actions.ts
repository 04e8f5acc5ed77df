"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { editMember } from "#lib/accounts/edit-member.ts"
import { InviteInput } from "#lib/accounts/invite.ts"
import { inviteMember, withdrawInvite as withdraw } from "#lib/accounts/invite-member.ts"
import { endMemberSessions } from "#lib/accounts/session.ts"
import { formText, parse, parseId } from "#lib/input.ts"
import { adminAction } from "#lib/web/action.ts"

const Change = z.object({
  change: z.enum(["disable", "enable", "make_admin", "make_member"]),
})

const EDITS = {
  disable: { disabled: true },
  enable: { disabled: false },
  make_admin: { role: "admin" },
  make_member: { role: "member" },
} as const

export const changeMember = adminAction(async ({ adminId }, form) => {
  const id = parseId(formText(form, "id") ?? "")
  const { change } = parse(Change, { change: formText(form, "change") })
  const { name } = await editMember(adminId, id, EDITS[change])
  revalidatePath("/admin/members")
  return { name }
})

export const endSessions = adminAction(async ({ adminId }, form) =>
  endMemberSessions(adminId, parseId(formText(form, "id") ?? "")),
)

export const invite = adminAction(async ({ adminId }, form) => {
  const input = parse(InviteInput, { email: formText(form, "email"), role: formText(form, "role") })
  const { url, expiresAt } = await inviteMember(adminId, input)
  revalidatePath("/admin/members")
  return { url, expiresAt }
})

export const withdrawInvite = adminAction(async ({ adminId }, form): Promise<null> => {
  await withdraw(adminId, parseId(formText(form, "id") ?? ""))
  revalidatePath("/admin/members")
  return null
})
