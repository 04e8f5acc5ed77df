import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { call, download } from "#lib/api/call.ts"
import { requireConfirmed } from "#lib/api/require-confirmed.ts"
import { isAdmin } from "#lib/rooms/accounts/member.ts"
import { ChartQuery, chartCsv } from "#lib/rooms/activity/activity-csv.ts"
import { EventView } from "#lib/rooms/activity/event.ts"
import { listEvents } from "#lib/rooms/activity/list-events.ts"
import { LiveNumbers, LiveQuery } from "#lib/rooms/activity/live.ts"
import { readLiveNumbers } from "#lib/rooms/activity/read-live-numbers.ts"
import { PagePreview, previewPage } from "#lib/rooms/claims/open/preview-page.ts"
import { dismissQuestions } from "#lib/rooms/questions/dismiss-questions.ts"
import { reopenShare } from "#lib/rooms/questions/reopen-share.ts"
import { createShare } from "#lib/rooms/shares/edit/create-share.ts"
import { editShare } from "#lib/rooms/shares/edit/edit-share.ts"
import { extendShares } from "#lib/rooms/shares/edit/extend-shares.ts"
import { newLink } from "#lib/rooms/shares/edit/new-link.ts"
import { Addable, findAddable } from "#lib/rooms/shares/list/find-addable.ts"
import {
  listShareIds,
  listShares,
  listSharesOfFiles,
  ShareOfFiles,
} from "#lib/rooms/shares/list/list-shares.ts"
import { requireAnyShare, requireShare } from "#lib/rooms/shares/require-share.ts"
import { cutOffShare } from "#lib/rooms/shares/revoke/cut-off-share.ts"
import {
  restoreShare,
  restoreShareAsAdmin,
  restoreShares,
} from "#lib/rooms/shares/revoke/restore-share.ts"
import { findOpenShares, revokeOwnShares } from "#lib/rooms/shares/revoke/revoke-own-shares.ts"
import { revokeShare } from "#lib/rooms/shares/revoke/revoke-share.ts"
import {
  AdminShareView,
  ExtensionInput,
  OwnRevocationInput,
  ReopenInput,
  RevokeInput,
  ShareEdit,
  ShareIds,
  ShareInput,
  ShareListQuery,
  SharesOfFilesQuery,
  ShareView,
} from "#lib/rooms/shares/share.ts"
import { counted, drawnPage, drawPage, idsOf, listOf, pageOf } from "./answers.ts"

export const SHARE_CALLS = [
  call("GET /shares", {
    does: "Lists the caller's shares.",
    by: "member",
    query: ShareListQuery,
    gives: pageOf(ShareView),
    run: ({ member, query }) => listShares(member.owner, query),
  }),
  call("POST /shares", {
    does: "Shares files, or all files of a folder.",
    by: "member",
    body: ShareInput,
    gives: ShareView,
    creates: { again: ({ member, ids: [id = ""] }) => requireShare(member.owner, id) },
    run: ({ member, body, ids: [id] }) => createShare(member, body, id),
  }),
  call("GET /shares/ids", {
    does: "Lists the ids of all shares that match a filter, over all pages.",
    by: "member",
    cost: "dear",
    query: ShareListQuery,
    gives: idsOf,
    run: async ({ member, query }) => ({ ids: await listShareIds(member.owner, query) }),
  }),
  call("GET /shares/live", {
    does: "Reads the counters of the caller's shares among these, and of requests with `requests:read`; 304 while they match If-None-Match.",
    by: "member",
    query: LiveQuery,
    gives: z.strictObject({ items: z.array(LiveNumbers) }),
    etag: true,
    run: async ({ member, query: { ids, visitors } }) => ({
      items: await readLiveNumbers(member.owner, {
        ids,
        visitorsOf: visitors,
        requests: member.token?.scopes.includes("requests:read") ?? true,
      }),
    }),
  }),
  call("POST /shares/holding", {
    does: "Lists the shares that contain any of these files; a POST, because a URL has no room for all ids.",
    by: "member",
    scope: "shares:read",
    cost: "dear",
    body: SharesOfFilesQuery,
    gives: pageOf(ShareOfFiles).extend({ total: z.int(), emptied: z.int() }),
    run: ({ member, body }) => listSharesOfFiles(member.owner, body),
  }),
  call("POST /shares/revoke", {
    does: "Revokes shares and says which; a dry run only finds them.",
    by: "member",
    body: OwnRevocationInput,
    gives: idsOf,
    run: async ({ member: { owner }, body: { ids, cutOff, dryRun = false } }) => ({
      ids: dryRun
        ? await findOpenShares(owner, ids)
        : await revokeOwnShares(owner, ids, { cutOff }),
    }),
  }),
  call("POST /shares/restore", {
    does: "Restores those shares that their owner revoked, and counts them.",
    by: "member",
    cost: "dear",
    body: ShareIds,
    gives: counted,
    run: ({ member, body }) => restoreShares(member, body.ids),
  }),
  call("POST /shares/extend", {
    does: "Extends shares, and counts those whose end moved.",
    by: "member",
    cost: "dear",
    body: ExtensionInput,
    gives: counted,
    run: ({ member, body }) => extendShares(member, body.ids, body.expiresAt),
  }),
  call("GET /shares/{id}", {
    does: "Reads a share, with all its files.",
    by: "member",
    gives: ShareView,
    run: ({ member, params }) => requireShare(member.owner, params.id),
  }),
  call("PATCH /shares/{id}", {
    does: "Edits a share.",
    by: "member",
    body: ShareEdit,
    gives: ShareView,
    run: ({ member, params, body }) => editShare(member, params.id, body),
  }),
  call("GET /shares/{id}/events", {
    does: "Lists what happened on the links of a share, newest first.",
    by: "member",
    query: ListQuery.omit({ q: true }),
    gives: listOf(EventView),
    run: ({ member, params, query }) => listEvents(member.owner, params.id, query),
  }),
  call("GET /shares/{id}/addable", {
    does: "Finds files and folders of the caller that a share does not contain yet.",
    by: "member",
    scope: "files:read",
    query: ListQuery,
    gives: Addable,
    run: async ({ member, params, query: { q } }) => {
      const { id: shareId } = await requireShare(member.owner, params.id)
      return findAddable(member.owner, { shareId, q })
    },
  }),
  call("POST /shares/{id}/preview-page", {
    does: "Renders the visitor's page under conditions that are not saved; as JSON, so that no browser shows it as a document of this origin.",
    by: "member",
    scope: "shares:read",
    cost: "dear",
    body: PagePreview,
    gives: drawnPage,
    run: async ({ member, params, body, request }) =>
      drawPage(await previewPage(member, params.id, body), request),
  }),
  call("POST /shares/{id}/cut-off", {
    does: "Ends every URL of a share; the share itself does not change.",
    by: "member",
    gives: ShareView,
    status: 202,
    run: ({ member, params }) => cutOffShare(member.owner, params.id),
  }),
  call("POST /shares/{id}/reopen", {
    does: "Opens a share again for those who asked.",
    by: "member",
    body: ReopenInput,
    gives: ShareView,
    run: ({ member, params, body }) => reopenShare(member, params.id, body.seen),
  }),
  call("DELETE /shares/{id}/questions", {
    does: "Dismisses the questions about a share; the share does not change.",
    by: "member",
    gives: z.void(),
    run: ({ member, params }) => dismissQuestions(member.owner, params.id),
  }),
  call("GET /shares/{id}/activity.csv", {
    does: "Returns the data of a share's chart.",
    by: "member",
    cost: "dear",
    query: ChartQuery,
    gives: download("text/csv; charset=utf-8; header=present"),
    run: async ({ member, params, query }) => ({
      name: `activity-by-${query.by}.csv`,
      body: await chartCsv(member, params.id, query),
    }),
  }),
  call("POST /shares/{id}/new-link", {
    does: "Replaces the address of a share.",
    by: "member",
    gives: ShareView,
    run: ({ member, params }) => newLink(member, params.id),
  }),
  call("POST /shares/{id}/revoke", {
    does: "Revokes a share.",
    by: "member",
    body: RevokeInput,
    bodyOptional: true,
    gives: ShareView,
    run: ({ member, params, body }) => revokeShare(member.owner, params.id, body),
  }),
  call("POST /shares/{id}/restore", {
    does: "Restores a share. An owner can undo only their own revocation; an admin can undo any.",
    by: "member",
    confirm: { byVerb: "an admin confirms what the share's owner could not do" },
    gives: z.union([ShareView, AdminShareView]),
    run: async ({ member, params: { id } }) => {
      if (!isAdmin(member)) return restoreShare(member, id)
      const { owner, revokedBy } = await requireAnyShare(member.adminId, id)
      if (owner.id !== member.owner || revokedBy?.admin) requireConfirmed(member)
      return restoreShareAsAdmin(member.adminId, id)
    },
  }),
] as const
