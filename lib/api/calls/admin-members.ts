import "server-only"
import { z } from "zod"
import { call } from "#lib/api/call.ts"
import { findMemberById } from "#lib/rooms/accounts/find-member-by-id.ts"
import {
  AdminInvites,
  InvitePreview,
  InvitePreviewInput,
  InviteRepeat,
  InviteView,
  MadeInvite,
} from "#lib/rooms/accounts/invites/invite.ts"
import {
  inviteMember,
  inviteMembers,
  withdrawInvite,
} from "#lib/rooms/accounts/invites/invite-member.ts"
import { listInvites } from "#lib/rooms/accounts/invites/list-invites.ts"
import { previewInvites } from "#lib/rooms/accounts/invites/preview-invites.ts"
import { repeatInvite } from "#lib/rooms/accounts/invites/repeat-invite.ts"
import { listMembers, MemberQuery } from "#lib/rooms/accounts/list-members.ts"
import { listNewOwners, NewOwner } from "#lib/rooms/accounts/list-new-owners.ts"
import { MemberChange, MemberView } from "#lib/rooms/accounts/member.ts"
import { removePasskeysOf } from "#lib/rooms/accounts/passkeys/remove-passkey.ts"
import { makePasswordReset } from "#lib/rooms/accounts/passwords/make-password-reset.ts"
import {
  PasswordResetInput,
  PasswordResetView,
} from "#lib/rooms/accounts/passwords/password-reset.ts"
import { changeProfileOf } from "#lib/rooms/accounts/profile/change-profile-of.ts"
import { unlinkMember } from "#lib/rooms/accounts/provider/unlink-member.ts"
import { findMeansOf, MeansView } from "#lib/rooms/accounts/second-factor/find-means-of.ts"
import { removeSecondFactorOf } from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import { endMemberSessions } from "#lib/rooms/accounts/sign-in/session.ts"
import { DeletedMember, deleteMember, MemberDeletion } from "#lib/rooms/admin/delete-member.ts"
import { changeMemberAndLinks, LinksResult } from "#lib/rooms/shares/change-member-and-links.ts"
import { counted, listOf, pageOf } from "./answers.ts"

/** The calls of admins about members and invitations. */
export const ADMIN_MEMBER_CALLS = [
  call("GET /admin/users", {
    does: "Lists all members, by default newest first.",
    by: "auditor",
    query: MemberQuery,
    gives: pageOf(MemberView),
    run: ({ member, query }) => listMembers(member.auditorId, query),
  }),
  call("GET /admin/users/{id}", {
    does: "Reads a member.",
    by: "auditor",
    gives: MemberView,
    run: ({ member, params }) => findMemberById(member.auditorId, params.id),
  }),
  call("PATCH /admin/users/{id}", {
    does: "Changes a member; of one who is disabled, also the links.",
    by: "admin",
    scope: null,
    confirm: { unless: "only stops access", when: (change) => !isPlainDisabling(change) },
    body: MemberChange,
    gives: MemberView.extend({ links: LinksResult.exactOptional() }),
    run: async ({ member, params: { id }, body: { name, email, ...others } }) => {
      await findMemberById(member.adminId, id) // no team
      await changeProfileOf(member, id, { name, email })
      return changeMemberAndLinks(member.adminId, id, others)
    },
  }),
  call("DELETE /admin/users/{id}", {
    does: "Deletes a member, whose files and shares end or get another owner.",
    by: "admin",
    scope: null,
    body: MemberDeletion,
    gives: DeletedMember,
    run: ({ member, params, body }) => deleteMember(member.adminId, params.id, body),
  }),
  call("GET /admin/users/{id}/new-owners", {
    does: "Lists the members and teams that can receive the files and shares of a member.",
    by: "auditor",
    gives: listOf(NewOwner, 500),
    run: async ({ member, params }) => ({
      items: await listNewOwners(member.auditorId, params.id),
      nextCursor: null,
    }),
  }),
  call("DELETE /admin/users/{id}/identity", {
    does: "Unlinks a member from the identity provider.",
    by: "admin",
    scope: null,
    gives: z.void(),
    run: ({ member, params }) => unlinkMember(member, params.id),
  }),
  call("GET /admin/users/{id}/second-factor", {
    does: "Says which second factors a member has.",
    by: "auditor",
    scope: null,
    gives: MeansView,
    run: async ({ member, params }) => {
      const { id } = await findMemberById(member.auditorId, params.id)
      return findMeansOf(member.auditorId, id)
    },
  }),
  call("DELETE /admin/users/{id}/second-factor", {
    does: "Removes a member's authenticator app and recovery codes.",
    by: "admin",
    scope: null,
    gives: z.void(),
    run: ({ member, params }) => removeSecondFactorOf(member, params.id),
  }),
  call("DELETE /admin/users/{id}/passkeys", {
    does: "Removes all passkeys of a member.",
    by: "admin",
    scope: null,
    gives: counted,
    run: async ({ member, params }) => ({ count: await removePasskeysOf(member, params.id) }),
  }),
  call("POST /admin/users/{id}/reset-password", {
    does: "Makes a link by which a member chooses a new password.",
    by: "admin",
    scope: null,
    body: PasswordResetInput,
    bodyOptional: true,
    gives: PasswordResetView,
    creates: { never: "the link is shown once" },
    run: ({ member, params: { id }, body: { mail = false }, locale }) =>
      makePasswordReset({ by: member, member: { id }, mail, language: locale }),
  }),
  call("POST /admin/users/{id}/end-sessions", {
    does: "Ends every session of a member.",
    by: "admin",
    scope: null,
    confirm: { never: "only stops access" },
    gives: z.void(),
    run: async ({ member, params }) => void (await endMemberSessions(member, params.id)),
  }),
  call("GET /admin/users/invites", {
    does: "Lists the open invitations.",
    by: "auditor",
    gives: listOf(InviteView, 1_000),
    run: async ({ member }) => ({ items: await listInvites(member.auditorId), nextCursor: null }),
  }),
  call("POST /admin/users/invites", {
    does: "Invites a person, or with `emails` one for each address.",
    by: "admin",
    scope: null,
    confirm: { unless: "gives a member's role only", when: ({ role }) => role === "admin" },
    body: AdminInvites,
    gives: z.union([MadeInvite, listOf(MadeInvite, 500)]),
    creates: { never: "an unused invitation can be withdrawn" },
    run: async ({ member: { adminId }, body: { email, emails, ...rest }, locale }) => {
      const input = { ...rest, language: locale }
      if (!emails) return inviteMember(adminId, { ...input, email })
      return { items: await inviteMembers(adminId, { ...input, emails }), nextCursor: null }
    },
  }),
  call("POST /admin/users/invites/preview", {
    does: "Says what inviting a list of addresses would do.",
    by: "admin",
    scope: null,
    confirm: { never: "counts only" },
    body: InvitePreviewInput,
    gives: listOf(InvitePreview, 500),
    run: async ({ member, body, locale }) => ({
      items: await previewInvites(member.adminId, body.emails, locale),
      nextCursor: null,
    }),
  }),
  call("POST /admin/users/invites/{id}", {
    does: "Returns the link of an open invitation, and mails it again with `mail`.",
    by: "admin",
    scope: null,
    body: InviteRepeat,
    bodyOptional: true,
    gives: MadeInvite,
    run: ({ member: { adminId }, params, body, locale }) =>
      repeatInvite(adminId, { ...body, id: params.id, language: locale }),
  }),
  call("DELETE /admin/users/invites/{id}", {
    does: "Withdraws an invitation.",
    by: "admin",
    scope: null,
    confirm: { never: "only stops access" },
    gives: z.void(),
    run: ({ member, params }) => withdrawInvite(member.adminId, params.id),
  }),
] as const

/** Whether a change only disables the member, and changes no shares, files or other properties. */
const isPlainDisabling = ({ disabled, links = "keep", ...others }: MemberChange) =>
  disabled === true && links === "keep" && Object.keys(others).length === 0
