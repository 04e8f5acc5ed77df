import "server-only"
import { z } from "zod"
import { attempt, Refusal } from "#lib/adapters/errors.ts"
import { parse } from "#lib/adapters/http/input.ts"
import { Problem, problemOf } from "#lib/adapters/http/problem.ts"
import type { Locale } from "#lib/adapters/text/languages.ts"
import { Uuid } from "#lib/adapters/text/uuid.ts"
import { call } from "#lib/api/call.ts"
import { CutOffView } from "#lib/rooms/cut-offs/cut-off.ts"
import { cutOffFile } from "#lib/rooms/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/rooms/cut-offs/read-cut-off.ts"
import { deleteFile } from "#lib/rooms/files/delete-file.ts"
import {
  FileBatch,
  FileInput,
  FileListQuery,
  FileMove,
  FilesToDelete,
  FileView,
  FinishInput,
  FolderMove,
  Heartbeat,
  MAX_BATCH,
  PartsInput,
  RepeatedUpload,
  SignedPart,
  StartedUpload,
  StoredPart,
  ThumbnailInput,
  ThumbnailUpload,
} from "#lib/rooms/files/file.ts"
import { listFileIds, listOwnFiles } from "#lib/rooms/files/list-files.ts"
import { listFolderPaths, MAX_FOLDERS } from "#lib/rooms/files/list-folders.ts"
import { moveFiles, moveFolder } from "#lib/rooms/files/move-files.ts"
import {
  DownloadUrl,
  DownloadUrls,
  downloadFile,
  downloadFiles,
  FilesToDownload,
  showFiles,
} from "#lib/rooms/files/reads/download-files.ts"
import { renameFile } from "#lib/rooms/files/rename-file.ts"
import { requireFile } from "#lib/rooms/files/require-file.ts"
import {
  FileEdit,
  FilesToKeep,
  keepFile,
  keepFolder,
  OwnFile,
  requireOwnFile,
} from "#lib/rooms/files/retention/keep-files.ts"
import { finishThumbnail } from "#lib/rooms/files/thumbnails/finish-thumbnail.ts"
import {
  listMissingThumbnails,
  MOST_MISSING,
  PictureSource,
  readPicture,
} from "#lib/rooms/files/thumbnails/missing-thumbnails.ts"
import { readThumbnail } from "#lib/rooms/files/thumbnails/read-thumbnail.ts"
import { startThumbnail } from "#lib/rooms/files/thumbnails/start-thumbnail.ts"
import { finishUpload } from "#lib/rooms/files/upload/finish-upload.ts"
import { listParts } from "#lib/rooms/files/upload/parts/list-parts.ts"
import { signParts } from "#lib/rooms/files/upload/parts/sign-parts.ts"
import { recordHeartbeat } from "#lib/rooms/files/upload/record-heartbeat.ts"
import { repeatUploads } from "#lib/rooms/files/upload/repeat-uploads.ts"
import { repeatUpload, resumeUpload } from "#lib/rooms/files/upload/resume-upload.ts"
import {
  startUpload,
  startUploads,
  type UploadAnswer,
} from "#lib/rooms/files/upload/start-upload.ts"
import { counted, idsOf, listOf, pageOf } from "./answers.ts"

const inputsOf = ({ files }: z.output<typeof FileBatch>) =>
  files.map((file) => attempt(() => parse(FileInput, file)))

const batchAnswer = (started: UploadAnswer[], locale: Locale) => ({
  items: started.map((one) => {
    if (one instanceof Refusal) return { problem: problemOf(one, locale) }
    return "taken" in one ? { problem: problemOf(one.refusal, locale), file: one.taken } : one
  }),
})

const Moved = counted.extend({ path: z.string() })

export const FILE_CALLS = [
  call("GET /files", {
    does: "Lists the caller's files.",
    by: "member",
    query: FileListQuery,
    gives: pageOf(OwnFile),
    run: ({ member, query }) => listOwnFiles(member.owner, query),
  }),
  call("POST /files", {
    does: "Starts an upload.",
    by: "member",
    cost: "store",
    body: FileInput,
    gives: RepeatedUpload,
    creates: { again: ({ member, ids: [id = ""] }) => repeatUpload(member.owner, id) },
    run: ({ member, body, ids: [id] }) => startUpload(member, body, id),
  }),
  call("POST /files/batch", {
    does: "Starts several uploads, each with the body of `POST /files` and its own answer. With ifNew, what is in its folder under its name already is not started: upload is null, or a conflict about the name comes with the other file.",
    by: "member",
    cost: "store",
    body: FileBatch,
    gives: z.strictObject({
      items: z
        .array(
          z.union([
            RepeatedUpload,
            z.strictObject({ problem: Problem, file: FileView.optional() }),
          ]),
        )
        .max(MAX_BATCH),
    }),
    creates: {
      count: ({ files }) => files.length,
      again: async ({ member, body, ids, locale }) =>
        batchAnswer(
          await repeatUploads(member, inputsOf(body), { ids, ifNew: body.ifNew }),
          locale,
        ),
    },
    run: async ({ member, body, ids, locale }) =>
      batchAnswer(await startUploads(member, inputsOf(body), { ids, ifNew: body.ifNew }), locale),
  }),
  call("GET /files/ids", {
    does: "Lists the ids of all files that match a filter, over all pages.",
    by: "member",
    cost: "dear",
    query: FileListQuery,
    gives: idsOf,
    run: async ({ member, query }) => ({ ids: await listFileIds(member.owner, query) }),
  }),
  call("GET /files/without-thumbnail", {
    does: "Lists the caller's pictures, videos and PDFs that have no thumbnail, newest first.",
    by: "member",
    query: z.object({ cursor: Uuid.optional() }),
    gives: listOf(FileView, MOST_MISSING),
    run: async ({ member, query: { cursor } }) => {
      const items = await listMissingThumbnails(member.owner, { after: cursor })
      const nextCursor = items.length < MOST_MISSING ? null : (items.at(-1)?.id ?? null)
      return { items, nextCursor }
    },
  }),
  call("GET /files/folders", {
    does: "Lists the paths of the caller's folders.",
    by: "member",
    gives: listOf(z.string(), MAX_FOLDERS),
    run: async ({ member }) => ({ items: await listFolderPaths(member.owner), nextCursor: null }),
  }),
  call("POST /files/folders/move", {
    does: "Moves or renames a folder.",
    by: "member",
    cost: "dear",
    body: FolderMove,
    gives: Moved,
    run: async ({ member, body }) => ({ ...(await moveFolder(member.owner, body)), path: body.to }),
  }),
  call("POST /files/folders/keep", {
    does: "Keeps the files that a folder holds now, or leaves them to the rule.",
    by: "member",
    cost: "dear",
    body: FilesToKeep,
    gives: counted,
    run: ({ member, body: { folder, keep } }) => keepFolder(member.owner, folder, keep),
  }),
  call("POST /files/move", {
    does: "Moves files to a folder.",
    by: "member",
    cost: "dear",
    body: FileMove,
    gives: Moved,
    run: async ({ member, body }) => ({
      ...(await moveFiles(member.owner, body)),
      path: body.path,
    }),
  }),
  call("POST /files/delete", {
    does: "Deletes files one by one, and stops at the first refusal.",
    by: "member",
    cost: "dear",
    body: FilesToDelete,
    gives: counted,
    run: async ({ member, body: { ids } }) => {
      for (const id of ids) await deleteFile(member.owner, id)
      return { count: ids.length }
    },
  }),
  call("POST /files/download", {
    does: "Signs URLs by which their owner downloads files, or with `shown` sees those that have a preview; leaves out what is not ready.",
    by: "member",
    scope: "files:read",
    cost: "dear",
    body: FilesToDownload,
    gives: DownloadUrls,
    run: ({ member, body: { ids, shown } }) =>
      shown ? showFiles(member.owner, ids) : downloadFiles(member.owner, ids),
  }),
  call("POST /files/heartbeat", {
    does: "Says that uploads are still under way.",
    by: "member",
    body: Heartbeat,
    gives: z.void(),
    run: ({ member, body }) => recordHeartbeat(member.owner, body.fileIds),
  }),
  call("GET /files/{id}", {
    does: "Reads a file.",
    by: "member",
    cheap: "reads one file",
    gives: OwnFile,
    run: ({ member, params }) => requireOwnFile(member.owner, params.id),
  }),
  call("PATCH /files/{id}", {
    does: "Renames or moves a file, or keeps it for some days or for good; with keep null the rule applies again.",
    by: "member",
    body: FileEdit,
    gives: OwnFile,
    run: async ({ member, params: { id }, body: { name, path, keep } }) => {
      if (keep !== undefined) await keepFile(member.owner, id, keep)
      if (path !== undefined) await moveFiles(member.owner, { fileIds: [id], path })
      if (name !== undefined) await renameFile(member.owner, id, name)
      return requireOwnFile(member.owner, id)
    },
  }),
  call("DELETE /files/{id}", {
    does: "Deletes a file, or cancels its upload.",
    by: "member",
    gives: z.void(),
    run: ({ member, params }) => deleteFile(member.owner, params.id),
  }),
  call("GET /files/{id}/download", {
    does: "Redirects the owner of a file to its bytes, or names their address to those who ask for JSON.",
    by: "member",
    cheap: "reads one file",
    gives: DownloadUrl,
    redirects: true,
    run: ({ member, params }) => downloadFile(member.owner, params.id),
  }),
  call("GET /files/{id}/cut-off", {
    does: "Reads how the last cut off of a file's URLs is doing.",
    by: "member",
    cheap: "reads one file",
    gives: z.strictObject({ cutOff: CutOffView.nullable() }),
    run: async ({ member, params }) => {
      const { id } = await requireFile(member.owner, params.id)
      return { cutOff: await findFileCutOff(id) }
    },
  }),
  call("POST /files/{id}/cut-off", {
    does: "Ends every URL that was minted for a file; its shares stay open.",
    by: "member",
    cost: "store",
    gives: FileView.extend({ cutOff: CutOffView.nullable() }),
    status: 202,
    run: ({ member, params }) => cutOffFile(member.owner, params.id),
  }),
  call("POST /files/{id}/upload", {
    does: "Says how to resume an upload.",
    by: "member",
    cost: "store",
    gives: StartedUpload,
    run: ({ member, params }) => resumeUpload(member.owner, params.id),
  }),
  call("GET /files/{id}/parts", {
    does: "Lists the parts of an upload that the store has.",
    by: "member",
    scope: "files:write", // part of an upload
    cost: "store",
    gives: z.strictObject({ parts: z.array(StoredPart).max(10_000) }),
    run: ({ member, params }) => listParts(member.owner, params.id),
  }),
  call("POST /files/{id}/parts", {
    does: "Signs URLs for parts of an upload.",
    by: "member",
    cost: "store",
    body: PartsInput,
    gives: z.strictObject({ parts: z.array(SignedPart).max(100) }),
    run: ({ member, params, body }) => signParts(member.owner, params.id, body),
  }),
  call("POST /files/{id}/complete", {
    does: "Ends an upload, when the store has all of the file.",
    by: "member",
    cost: "store",
    body: FinishInput,
    bodyOptional: true,
    gives: FileView,
    run: ({ member, params, body }) => finishUpload(member.owner, params.id, body),
  }),
  call("GET /files/{id}/thumbnail", {
    does: "Redirects the owner of a file to its small picture, or names its address to those who ask for JSON.",
    by: "member",
    cheap: "reads one file",
    gives: DownloadUrl,
    redirects: true,
    run: ({ member, params }) => readThumbnail(member.owner, params.id),
  }),
  call("POST /files/{id}/thumbnail", {
    does: "Signs the PUT of a small picture of a file.",
    by: "member",
    cost: "store",
    body: ThumbnailInput,
    gives: ThumbnailUpload,
    run: ({ member, params, body }) => startThumbnail(member.owner, params.id, body),
  }),
  call("POST /files/{id}/thumbnail/source", {
    does: "Signs a URL of a picture from which its owner's browser draws the missing thumbnail.",
    by: "member",
    scope: "files:read",
    gives: PictureSource,
    run: ({ member, params }) => readPicture(member.owner, params.id),
  }),
  call("POST /files/{id}/thumbnail/complete", {
    does: "Shows the small picture, when the store has it.",
    by: "member",
    cost: "store",
    gives: FileView,
    run: ({ member, params }) => finishThumbnail(member.owner, params.id),
  }),
] as const
