"use client"

import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from "@simplewebauthn/browser"
import type { z } from "zod"
import type { BrowserTest } from "#lib/adapters/findings/browser-test.ts"
import type { Confirmation, ConfirmMeans } from "#lib/rooms/accounts/confirm/confirmation.ts"
import type {
  InviteInput,
  InvitePreview,
  InvitesInput,
} from "#lib/rooms/accounts/invites/invite.ts"
import type { MadeInvite } from "#lib/rooms/accounts/invites/invite-member.ts"
import type { NewOwner } from "#lib/rooms/accounts/list-new-owners.ts"
import type { MemberChange, MemberView } from "#lib/rooms/accounts/member.ts"
import type { NewPasskey, PasskeyEdit, PasskeyView } from "#lib/rooms/accounts/passkeys/passkey.ts"
import type {
  PasswordResetInput,
  PasswordResetView,
} from "#lib/rooms/accounts/passwords/password-reset.ts"
import type {
  NewSecondFactor,
  RecoveryCodes,
  SecretView,
} from "#lib/rooms/accounts/second-factor/second-factor.ts"
import type { DeletedMember, MemberDeletion } from "#lib/rooms/admin/delete-member.ts"
import type { OutsideShares } from "#lib/rooms/admin/find-outside-shares.ts"
import type { Shortened, ShortenInput } from "#lib/rooms/admin/shorten-shares.ts"
import type { ChecksInput } from "#lib/rooms/checks/checks-input.ts"
import type { ChecksView } from "#lib/rooms/checks/view-checks.ts"
import type { LinkPage } from "#lib/rooms/claims/open/link-page.ts"
import type { PagePreview } from "#lib/rooms/claims/open/preview-page.ts"
import type { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import type { FileEdit, FileMove, FileView, FolderMove } from "#lib/rooms/files/file.ts"
import type { MailView } from "#lib/rooms/mail/mail.ts"
import type { Branding, BrandingChange } from "#lib/rooms/settings/branding.ts"
import type { SettingsChange, SettingsView } from "#lib/rooms/settings/setting.ts"
import type { LinksResult } from "#lib/rooms/shares/change-member-and-links.ts"
import type { ProfileChange } from "#lib/rooms/shares/edit/change-own-profile.ts"
import type { Addable } from "#lib/rooms/shares/list/find-addable.ts"
import type { ShareOfFiles } from "#lib/rooms/shares/list/list-shares.ts"
import type {
  AdminShareView,
  OwnRevocationInput,
  RevokeInput,
  RevokeSharesInput,
  RevokeSharesResult,
  ShareEdit,
  ShareInput,
  ShareStatus,
  SharesOfFilesQuery,
  ShareView,
} from "#lib/rooms/shares/share.ts"
import { callApi, type Options } from "./calls/api-call.ts"

/** The input of a call, as the route's schema accepts it. Times are ISO 8601 UTC. */
export type Input<Schema extends z.ZodType> = z.input<Schema>

type List<Item> = { items: Item[] }
type Ids = { ids: string[] }
type Count = { count: number }

const get = <Result>(path: string, query?: Record<string, string | boolean | undefined>) =>
  callApi<Result>("GET", path, undefined, query ? { query } : {})
const post = <Result>(path: string, body: object = {}, options?: Options) =>
  callApi<Result>("POST", path, body, options)
const patch = <Result>(path: string, body: object, options?: Options) =>
  callApi<Result>("PATCH", path, body, options)
const remove = <Result = void>(path: string, body?: object, options?: Options) =>
  callApi<Result>("DELETE", path, body, options)

/** Options of calls that change any number of rows or try things out. */
const SLOW: Options = { slow: true }

/**
 * The API calls of members' and admins' pages. The caller refreshes the page. Each call throws
 * ApiError.
 */
export const api = {
  me: {
    change: (change: Input<typeof ProfileChange>, options?: { keepalive: boolean }) =>
      patch<void>("/me", change, options),
    changePassword: (currentPassword: string, newPassword: string) =>
      post<void>("/me/password", { currentPassword, newPassword }),
    passkeyOptions: () => post<PublicKeyCredentialCreationOptionsJSON>("/me/passkeys/options"),
    addPasskey: (input: Input<typeof NewPasskey>) => post<PasskeyView>("/me/passkeys", input),
    renamePasskey: (id: string, edit: Input<typeof PasskeyEdit>) =>
      patch<PasskeyView>(`/me/passkeys/${id}`, edit),
    removePasskey: (id: string) => remove(`/me/passkeys/${id}`),
    newSecret: () => post<SecretView>("/me/second-factor/secret"),
    setSecondFactor: (input: Input<typeof NewSecondFactor>) =>
      post<RecoveryCodes>("/me/second-factor", input),
    removeSecondFactor: () => remove("/me/second-factor"),
    newRecoveryCodes: () => post<RecoveryCodes>("/me/second-factor/recovery-codes"),
    confirmMeans: () => get<ConfirmMeans>("/me/confirm"),
    confirmOptions: () => post<PublicKeyCredentialRequestOptionsJSON>("/me/confirm/options"),
    confirm: (proof: Input<typeof Confirmation>) => post<void>("/me/confirm", proof),
    endSession: (id: string) => remove(`/sessions/${id}`),
    endOtherSessions: () => remove("/sessions"),
    invite: (input: Input<typeof InviteInput>) => post<MadeInvite>("/invites", input),
  },

  files: {
    list: (query: { q: string; limit: string; status: "ready" }) =>
      get<List<FileView>>("/files", query),
    ids: (query: { q?: string; path?: string; folder?: string; shared?: string }) =>
      get<Ids>("/files/ids", query),
    folders: () => get<List<string>>("/files/folders"),
    change: (id: string, edit: Input<typeof FileEdit>) => patch<FileView>(`/files/${id}`, edit),
    move: (input: Input<typeof FileMove>) =>
      post<Count & { path: string }>("/files/move", input, SLOW),
    moveFolder: (input: Input<typeof FolderMove>) =>
      post<Count & { path: string }>("/files/folders/move", input, SLOW),
    delete: (ids: string[]) => post<Count>("/files/delete", { ids }),
    cutOff: (id: string) => post<FileView & { cutOff: CutOffView | null }>(`/files/${id}/cut-off`),
    findCutOff: (id: string) => get<{ cutOff: CutOffView | null }>(`/files/${id}/cut-off`),
  },

  shares: {
    list: (query: { limit?: string; q?: string }) => get<List<ShareView>>("/shares", query),
    find: (id: string) => get<ShareView>(`/shares/${id}`),
    create: (input: Input<typeof ShareInput>) => post<ShareView>("/shares", input),
    /** `keepalive`: the request survives when the page is closed. */
    change: (id: string, edit: Input<typeof ShareEdit>, options?: { keepalive: boolean }) =>
      patch<ShareView>(`/shares/${id}`, edit, options),
    revoke: (id: string, input: Input<typeof RevokeInput> = {}) =>
      post<ShareView>(`/shares/${id}/revoke`, input),
    cutOff: (id: string) => post<ShareView>(`/shares/${id}/cut-off`),
    restore: (id: string) => post<ShareView>(`/shares/${id}/restore`),
    newLink: (id: string) => post<ShareView>(`/shares/${id}/new-link`),
    reopen: (id: string, seen: ShareStatus) => post<ShareView>(`/shares/${id}/reopen`, { seen }),
    dismissQuestions: (id: string) => remove(`/shares/${id}/questions`),
    /** Renders the visitor's page under conditions that are not saved. */
    previewPage: (id: string, conditions: Input<typeof PagePreview>) =>
      post<{ state: LinkPage["state"]; html: string }>(`/shares/${id}/preview-page`, conditions, {
        reads: true,
      }),
    addable: (id: string, q: string) => get<Addable>(`/shares/${id}/addable`, { q }),
    ids: (query: { q?: string; status?: string }) => get<Ids>("/shares/ids", query),
    /** Lists the shares that contain any of these files. */
    holding: (query: Input<typeof SharesOfFilesQuery>) =>
      post<List<ShareOfFiles> & { total: number }>("/shares/holding", query),
    revokeMany: (ids: string[], input: Omit<Input<typeof OwnRevocationInput>, "ids"> = {}) =>
      post<Ids>("/shares/revoke", { ids, ...input }, SLOW),
    restoreMany: (ids: string[]) => post<Count>("/shares/restore", { ids }, SLOW),
    extendMany: (ids: string[], expiresAt: string) =>
      post<Count>("/shares/extend", { ids, expiresAt }, SLOW),
  },

  admin: {
    deleteFiles: (ids: string[]) => post<Count>("/admin/files/delete", { ids }),
    runChecks: (input: Input<typeof ChecksInput>) => post<ChecksView>("/admin/checks", input, SLOW),
    newBrowserTest: () => post<BrowserTest>("/admin/checks/browser"),
    testMail: () => post<MailView>("/admin/mail/test", {}, SLOW),

    shares: {
      revoke: (input: Input<typeof RevokeSharesInput>) =>
        post<RevokeSharesResult>("/admin/shares/revoke", input, SLOW),
      restore: (id: string) => post<AdminShareView>(`/admin/shares/${id}/restore`),
      restoreMany: (ids: string[]) => post<Count>("/admin/shares/restore", { ids }, SLOW),
      /** Cuts off the URLs of a revoked share, which counts as revoked by an admin from then on. */
      cutOff: (id: string) => post<AdminShareView>(`/admin/shares/${id}/cut-off`),
      dismissQuestions: (id: string) => remove(`/admin/shares/${id}/questions`),
    },

    users: {
      list: (query: { q: string; limit: string }) => get<List<MemberView>>("/admin/users", query),
      change: (id: string, change: Input<typeof MemberChange>) =>
        patch<MemberView & { links?: LinksResult }>(`/admin/users/${id}`, change, SLOW),
      delete: (id: string, deletion: Input<typeof MemberDeletion>) =>
        remove<DeletedMember>(`/admin/users/${id}`, deletion, SLOW),
      newOwners: (id: string) => get<List<NewOwner>>(`/admin/users/${id}/new-owners`),
      unlink: (id: string) => remove(`/admin/users/${id}/identity`),
      endSessions: (id: string) => post<void>(`/admin/users/${id}/end-sessions`),
      removePasskeys: (id: string) => remove<Count>(`/admin/users/${id}/passkeys`),
      removeSecondFactor: (id: string) => remove(`/admin/users/${id}/second-factor`),
      resetPassword: (id: string, input: Input<typeof PasswordResetInput> = {}) =>
        post<PasswordResetView>(`/admin/users/${id}/reset-password`, input),
      invite: (input: Input<typeof InviteInput>) => post<MadeInvite>("/admin/users/invites", input),
      inviteMany: (input: Input<typeof InvitesInput>) =>
        post<List<MadeInvite>>("/admin/users/invites", input),
      previewInvites: (emails: string[]) =>
        post<List<InvitePreview>>("/admin/users/invites/preview", { emails }),
      withdrawInvite: (id: string) => remove(`/admin/users/invites/${id}`),
    },

    settings: {
      change: (
        change: Input<typeof SettingsChange> & { branding?: Input<typeof BrandingChange> },
      ) => patch<{ settings: SettingsView; branding: Branding }>("/admin/settings", change),
      outside: () => get<OutsideShares>("/admin/settings/outside"),
      shorten: (input: Input<typeof ShortenInput>) =>
        post<Shortened>("/admin/settings/shorten", input, SLOW),
    },
  },
}
