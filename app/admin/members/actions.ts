"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { InviteInput, InvitesInput } from "#lib/accounts/invite.ts"
import {
  inviteMember,
  inviteMembers,
  withdrawInvite as withdraw,
} from "#lib/accounts/invite-member.ts"
import { listNewOwners } from "#lib/accounts/list-new-owners.ts"
import { makePasswordReset } from "#lib/accounts/make-password-reset.ts"
import { MemberChange } from "#lib/accounts/member.ts"
import { endMemberSessions } from "#lib/accounts/session.ts"
import { deleteMember, MemberDeletion } from "#lib/admin/delete-member.ts"
import { formText, parse, parseId } from "#lib/input.ts"
import { changeMember as change } from "#lib/shares/change-member.ts"
import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { adminAction } from "#lib/web/action.ts"

const Change = z.object({
  change: z.enum(["enable", "make_admin", "make_member"]),
})

const EDITS = {
  enable: { disabled: false },
  make_admin: { role: "admin" },
  make_member: { role: "member" },
} as const

export const changeMember = adminAction(async ({ adminId }, form) => {
  const id = parseId(formText(form, "id") ?? "")
  const wanted = parse(Change, { change: formText(form, "change") })
  const { name } = await change(adminId, id, EDITS[wanted.change])
  revalidatePath("/admin/members")
  return { name }
})

/** Fields `id`, `links` and, for links that are handed over, `transferTo`. */
export const disableMember = adminAction(async ({ adminId }, form) => {
  const id = parseId(formText(form, "id") ?? "")
  const wanted = parse(MemberChange, {
    disabled: true,
    links: formText(form, "links"),
    transferTo: formText(form, "transferTo"),
  })
  const { name, links } = await change(adminId, id, wanted)
  revalidatePath("/admin/members")
  return { name, links: wanted.links ?? "keep", result: links ?? null }
})

/** Fields `id` and `quotaGb`; an empty one means the default. */
export const setQuota = adminAction(async ({ adminId }, form): Promise<null> => {
  const quota = formText(form, "quotaGb")
  const quotaBytes = quota === undefined ? null : Math.round(Number(quota) * 1e9)
  const edit = parse(MemberChange, { quotaBytes })
  await change(adminId, parseId(formText(form, "id") ?? ""), edit)
  revalidatePath("/admin/members")
  return null
})

/** Field `id`: revokes every share of the member. */
export const revokeAll = adminAction(async ({ adminId }, form) => {
  const { count } = await revokeShares(adminId, { ownerId: parseId(formText(form, "id") ?? "") })
  return { count }
})

/** Fields `id`, `files` and, for what is handed over, `transferTo`. */
export const removeMember = adminAction(async ({ adminId }, form) => {
  const wanted = parse(MemberDeletion, {
    files: formText(form, "files"),
    transferTo: formText(form, "transferTo"),
  })
  // The page that asks is that of the member: rendered again, it would be one of nothing.
  return deleteMember(adminId, parseId(formText(form, "id") ?? ""), wanted)
})

/** Field `id`: who may get what the member owns. */
export const newOwners = adminAction(async ({ adminId }, form) =>
  listNewOwners(adminId, parseId(formText(form, "id") ?? "")),
)

export const makeResetLink = adminAction(async ({ adminId }, form) =>
  makePasswordReset({ by: adminId, member: { id: parseId(formText(form, "id") ?? "") } }),
)

export const endSessions = adminAction(async ({ adminId }, form) =>
  endMemberSessions(adminId, parseId(formText(form, "id") ?? "")),
)

export const invite = adminAction(async ({ adminId }, form) => {
  const emails = (formText(form, "emails") ?? "").split(/[\s,;]+/).filter((one) => one !== "")
  const role = formText(form, "role")
  const quota = formText(form, "quotaGb")
  const rest = { role, quotaBytes: quota === undefined ? null : Math.round(Number(quota) * 1e9) }
  const made =
    emails.length === 0
      ? [await inviteMember(adminId, parse(InviteInput, rest))]
      : await inviteMembers(adminId, parse(InvitesInput, { emails, ...rest }))
  revalidatePath("/admin/members")
  return made.map(({ email, url, expiresAt }) => ({ email, url, expiresAt }))
})

export const withdrawInvite = adminAction(async ({ adminId }, form): Promise<null> => {
  await withdraw(adminId, parseId(formText(form, "id") ?? ""))
  revalidatePath("/admin/members")
  return null
})
