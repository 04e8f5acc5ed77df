import "server-only"
import { z } from "zod"
import { ListQuery } from "#lib/adapters/database/list-query.ts"
import { call } from "#lib/api/call.ts"
import { EventView } from "#lib/rooms/activity/event.ts"
import { listEventsAsAdmin } from "#lib/rooms/activity/list-events.ts"
import { deleteFiles } from "#lib/rooms/admin/delete-files.ts"
import {
  AdminFileView,
  AllFilesQuery,
  listAllFiles,
  listSharesOfFile,
  requireAnyFile,
  ShareOfFile,
} from "#lib/rooms/admin/list-all-files.ts"
import { FileRelease, releaseFile } from "#lib/rooms/admin/release-file.ts"
import { FilesToDelete } from "#lib/rooms/files/file.ts"
import { dismissQuestionsAsAdmin } from "#lib/rooms/questions/dismiss-questions.ts"
import { listAllShares } from "#lib/rooms/shares/list/list-shares.ts"
import { requireAnyShare } from "#lib/rooms/shares/require-share.ts"
import { cutOffRevoked } from "#lib/rooms/shares/revoke/cut-off-revoked.ts"
import {
  findRevocation,
  listRevocations,
  RevocationView,
} from "#lib/rooms/shares/revoke/find-revocation.ts"
import {
  restoreShareAsAdmin,
  restoreSharesAsAdmin,
} from "#lib/rooms/shares/revoke/restore-share.ts"
import { revokeShares } from "#lib/rooms/shares/revoke/revoke-shares.ts"
import {
  AdminShareView,
  AllSharesQuery,
  RevokeSharesInput,
  RevokeSharesResult,
  ShareIds,
} from "#lib/rooms/shares/share.ts"
import { counted, listOf, pageOf } from "./answers.ts"

/** The calls of admins about the files and shares of all members. */
export const ADMIN_SHARE_CALLS = [
  call("GET /admin/shares", {
    does: "Lists every member's shares.",
    by: "auditor",
    query: AllSharesQuery,
    gives: pageOf(AdminShareView),
    run: ({ member, query }) => listAllShares(member, query),
  }),
  call("GET /admin/shares/{id}", {
    does: "Reads a share of any member.",
    by: "auditor",
    gives: AdminShareView,
    run: ({ member, params }) => requireAnyShare(member, params.id),
  }),
  call("GET /admin/shares/{id}/events", {
    does: "Lists what happened on the links of a share, newest first.",
    by: "auditor",
    query: ListQuery,
    gives: listOf(EventView),
    run: ({ member, params, query: { cursor, limit } }) =>
      listEventsAsAdmin(member.auditorId, params.id, { cursor, limit }),
  }),
  call("POST /admin/shares/revoke", {
    does: "Revokes shares that are named or selected; a dry run only counts.",
    by: "admin",
    confirm: { unless: "counts only", when: ({ dryRun }) => !dryRun },
    body: RevokeSharesInput,
    gives: RevokeSharesResult,
    status: ({ id }) => (id === null ? 200 : 202),
    run: ({ member, body }) => revokeShares(member.adminId, body, { inBackground: true }),
  }),
  call("POST /admin/shares/restore", {
    does: "Restores shares, and counts those that were revoked.",
    by: "admin",
    body: ShareIds,
    gives: counted,
    run: ({ member, body }) => restoreSharesAsAdmin(member.adminId, body.ids),
  }),
  call("POST /admin/shares/{id}/restore", {
    does: "Restores a share, whoever revoked it.",
    by: "admin",
    gives: AdminShareView,
    run: ({ member, params }) => restoreShareAsAdmin(member.adminId, params.id),
  }),
  call("POST /admin/shares/{id}/cut-off", {
    does: "Ends every URL of a revoked share, which counts as revoked by an admin from then on.",
    by: "admin",
    gives: AdminShareView,
    status: 202,
    run: ({ member, params }) => cutOffRevoked(member.adminId, params.id),
  }),
  call("DELETE /admin/shares/{id}/questions", {
    does: "Dismisses the questions about a share that an admin ended.",
    by: "admin",
    confirm: { never: "the share stays as it is" },
    gives: z.void(),
    run: ({ member, params }) => dismissQuestionsAsAdmin(member.adminId, params.id),
  }),
  call("GET /admin/revocations", {
    does: "Lists the revocations that are not complete yet.",
    by: "auditor",
    gives: listOf(RevocationView),
    run: async ({ member }) => ({
      items: await listRevocations(member.auditorId),
      nextCursor: null,
    }),
  }),
  call("GET /admin/revocations/{id}", {
    does: "Says how far a revocation is.",
    by: "auditor",
    gives: RevocationView,
    run: ({ member, params }) => findRevocation(member.auditorId, params.id),
  }),
  call("GET /admin/files", {
    does: "Lists every member's files.",
    by: "auditor",
    query: AllFilesQuery,
    gives: pageOf(AdminFileView),
    run: ({ member, query }) => listAllFiles(member.auditorId, query),
  }),
  call("GET /admin/files/{id}", {
    does: "Reads a file of any member, with its shares.",
    by: "auditor",
    gives: AdminFileView.extend({ shares: z.array(ShareOfFile).max(100) }),
    run: async ({ member: { auditorId }, params }) => {
      const file = await requireAnyFile(auditorId, params.id)
      return { ...file, shares: await listSharesOfFile(auditorId, file.id) }
    },
  }),
  call("POST /admin/files/{id}/release", {
    does: "Makes a file ready that is held, or that waits for its check.",
    by: "admin",
    scope: null,
    body: FileRelease,
    gives: AdminFileView,
    run: ({ member, params, body }) => releaseFile(member.adminId, params.id, body),
  }),
  call("POST /admin/files/delete", {
    does: "Deletes files of any member.",
    by: "admin",
    body: FilesToDelete,
    gives: counted,
    run: ({ member, body }) => deleteFiles(member.adminId, body.ids),
  }),
] as const
