import "server-only"
import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/server"
import { z } from "zod"
import { jsonTypes } from "#lib/adapters/http/json-types.ts"
import { THIS_BUILD } from "#lib/adapters/http/this-build.ts"
import { call } from "#lib/api/call.ts"
import { confirmMember } from "#lib/rooms/accounts/confirm/confirm-member.ts"
import { Confirmation, ConfirmMeans } from "#lib/rooms/accounts/confirm/confirmation.ts"
import { findConfirmMeans } from "#lib/rooms/accounts/confirm/find-confirm-means.ts"
import { InviteInput, InviteRepeat, MadeInvite } from "#lib/rooms/accounts/invites/invite.ts"
import { inviteByMember } from "#lib/rooms/accounts/invites/invite-member.ts"
import { repeatOwnInvite } from "#lib/rooms/accounts/invites/repeat-invite.ts"
import { MemberLanguage, Role } from "#lib/rooms/accounts/member.ts"
import { addPasskey, beginPasskey } from "#lib/rooms/accounts/passkeys/add-passkey.ts"
import { listPasskeys, renamePasskey } from "#lib/rooms/accounts/passkeys/list-passkeys.ts"
import { NewPasskey, PasskeyEdit, PasskeyView } from "#lib/rooms/accounts/passkeys/passkey.ts"
import { removePasskey } from "#lib/rooms/accounts/passkeys/remove-passkey.ts"
import { askForPasskey } from "#lib/rooms/accounts/passkeys/verify-passkey.ts"
import { changePassword, PasswordChange } from "#lib/rooms/accounts/passwords/change-password.ts"
import { makeRecoveryCodes } from "#lib/rooms/accounts/second-factor/recovery-codes.ts"
import {
  NewSecondFactor,
  RecoveryCodes,
  SecondFactorView,
  SecretView,
} from "#lib/rooms/accounts/second-factor/second-factor.ts"
import {
  findSecondFactor,
  offerSecret,
  removeSecondFactor,
  setSecondFactor,
} from "#lib/rooms/accounts/second-factor/set-second-factor.ts"
import {
  endOtherSessions,
  endSession,
  listSessions,
  SessionView,
} from "#lib/rooms/accounts/sign-in/session.ts"
import { readUsage } from "#lib/rooms/files/objects/quota.ts"
import { changeOwnProfile, ProfileChange } from "#lib/rooms/shares/edit/change-own-profile.ts"
import { clientAddress } from "#lib/web/read-client-address.ts"
import { challengeOf, withChallenge } from "#lib/web/sign-in/challenge-cookie.ts"
import { withSession } from "#lib/web/sign-in/session-answer.ts"
import { listOf } from "./answers.ts"

export const ME_CALLS = [
  call("GET /me", {
    does: "Says who is signed in.",
    by: "member",
    cheap: "reads the caller",
    scope: "any",
    gives: z.strictObject({
      id: z.uuid(),
      name: z.string(),
      email: z.string(),
      role: Role,
      language: MemberLanguage,
      usedBytes: z.int(),
      quotaBytes: z.int().nullable(),
      /** Those of the token that makes the call; null with a session. */
      scopes: z.array(z.string()).nullable(),
    }),
    run: async ({ member: { id, owner, name, email, role, language, token }, reply }) => {
      // With this call pages check whether the session is valid, and whether the app was updated
      // since they were loaded.
      reply.headers.set("lapse-build", THIS_BUILD)
      const scopes = token?.scopes.slice() ?? null
      return { id, name, email, role, language, ...(await readUsage(owner)), scopes }
    },
  }),
  call("PATCH /me", {
    does: "Changes the caller's name and preferences.",
    by: "member",
    scope: null,
    body: ProfileChange,
    gives: z.void(),
    run: ({ member, body }) => changeOwnProfile(member, body),
  }),
  call("POST /me/password", {
    does: "Changes the password and ends every session; the caller gets a new one.",
    by: "member",
    scope: null,
    body: PasswordChange,
    gives: z.void(),
    run: async ({ member, body, request, reply }) => {
      const claim = await changePassword(member, body, clientAddress(request.headers))
      await withSession(reply, request, claim)
    },
  }),
  call("GET /me/confirm", {
    does: "Says how the caller can confirm.",
    by: "session",
    scope: null,
    gives: ConfirmMeans,
    run: ({ member }) => findConfirmMeans(member),
  }),
  call("POST /me/confirm", {
    does: "Confirms the caller's identity by a password, a code or a passkey.",
    by: "session",
    scope: null,
    body: Confirmation,
    gives: z.void(),
    run: ({ member, body, request }) =>
      confirmMember(member, {
        confirmation: body,
        address: clientAddress(request.headers),
        challenge: challengeOf(request),
      }),
  }),
  call("POST /me/confirm/options", {
    does: "Returns the WebAuthn request options to confirm with a passkey.",
    by: "session",
    scope: null,
    gives: z
      .custom<PublicKeyCredentialRequestOptionsJSON>(isObject)
      .register(jsonTypes, { type: "object" }),
    run: async ({ member, reply }) => {
      const { options, cookie } = await askForPasskey(member.id)
      withChallenge(reply, cookie)
      return options
    },
  }),
  call("GET /me/passkeys", {
    does: "Lists the caller's passkeys.",
    by: "session",
    scope: null,
    gives: listOf(PasskeyView),
    run: ({ member }) => listPasskeys(member.id),
  }),
  call("POST /me/passkeys/options", {
    does: "Returns the WebAuthn creation options for a new passkey.",
    by: "session",
    scope: null,
    confirm: "always",
    gives: z
      .custom<PublicKeyCredentialCreationOptionsJSON>(isObject)
      .register(jsonTypes, { type: "object" }),
    run: async ({ member, reply }) => {
      const { options, cookie } = await beginPasskey(member.id)
      withChallenge(reply, cookie)
      return options
    },
  }),
  call("POST /me/passkeys", {
    does: "Adds a passkey.",
    by: "session",
    scope: null,
    confirm: "always",
    body: NewPasskey,
    gives: PasskeyView,
    creates: { never: "a passkey answers once" },
    run: ({ member, body, request }) => addPasskey(member, body, challengeOf(request)),
  }),
  call("PATCH /me/passkeys/{id}", {
    does: "Renames a passkey.",
    by: "member",
    scope: null,
    body: PasskeyEdit,
    gives: PasskeyView,
    run: ({ member, params, body }) => renamePasskey(member, params.id, body),
  }),
  call("DELETE /me/passkeys/{id}", {
    does: "Removes a passkey.",
    by: "member",
    scope: null,
    confirm: "always",
    gives: z.void(),
    run: ({ member, params }) => removePasskey(member, params.id),
  }),
  call("GET /me/second-factor", {
    does: "Reads the state of the caller's authenticator app.",
    by: "session",
    scope: null,
    gives: SecondFactorView,
    run: ({ member }) => findSecondFactor(member.id),
  }),
  call("POST /me/second-factor/secret", {
    does: "Makes a secret for an authenticator app; nothing is stored.",
    by: "session",
    scope: null,
    confirm: "always",
    gives: SecretView,
    run: ({ member }) => offerSecret(member),
  }),
  call("POST /me/second-factor", {
    does: "Turns codes on, with the first one of an authenticator app.",
    by: "session",
    scope: null,
    confirm: "always",
    body: NewSecondFactor,
    gives: RecoveryCodes,
    creates: { never: "the codes are shown once" },
    run: ({ member, body }) => setSecondFactor(member, body),
  }),
  call("DELETE /me/second-factor", {
    does: "Turns codes off.",
    by: "member",
    scope: null,
    confirm: "always",
    gives: z.void(),
    run: ({ member }) => removeSecondFactor(member),
  }),
  call("POST /me/second-factor/recovery-codes", {
    does: "Makes new recovery codes, in place of the old ones.",
    by: "member",
    scope: null,
    confirm: "always",
    gives: RecoveryCodes,
    creates: { never: "the codes are shown once" },
    run: ({ member }) => makeRecoveryCodes(member),
  }),
  call("GET /sessions", {
    does: "Lists where the caller is signed in.",
    by: "member",
    scope: null,
    gives: listOf(SessionView),
    run: ({ member }) => listSessions(member.id, member.sessionId),
  }),
  call("DELETE /sessions", {
    does: "Ends every session of the caller except this one.",
    by: "member",
    scope: null,
    gives: z.void(),
    run: async ({ member }) => void (await endOtherSessions(member)),
  }),
  call("DELETE /sessions/{id}", {
    does: "Ends a session of the caller.",
    by: "member",
    scope: null,
    gives: z.void(),
    run: ({ member, params }) => endSession(member, params.id),
  }),
  call("POST /invites", {
    does: "Invites a member, if a setting lets members do so.",
    by: "member",
    scope: null,
    body: InviteInput,
    bodyOptional: true,
    gives: MadeInvite,
    creates: { never: "its link is shown again by another call" },
    run: ({ member, body: { email, mail }, locale }) =>
      inviteByMember(member.id, { email, mail, language: locale }),
  }),
  call("POST /invites/{id}", {
    does: "Returns the link of an own open invitation, and mails it again with `mail`.",
    by: "member",
    scope: null,
    confirm: { never: "gives a member's role only" },
    body: InviteRepeat,
    bodyOptional: true,
    gives: MadeInvite,
    run: ({ member, params, body, locale }) =>
      repeatOwnInvite(member.id, { ...body, id: params.id, language: locale }),
  }),
] as const

function isObject(value: unknown) {
  return typeof value === "object" && value !== null
}
