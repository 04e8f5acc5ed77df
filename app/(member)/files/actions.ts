"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { cutOffFile } from "#lib/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/cut-offs/read-cut-off.ts"
import { deleteFile } from "#lib/files/delete-file.ts"
import { FileListQuery, FileName, FolderPath, KnownFolder } from "#lib/files/file.ts"
import { listFileIds } from "#lib/files/list-files.ts"
import { listFolderPaths } from "#lib/files/list-folders.ts"
import { moveFiles, moveFolder } from "#lib/files/move-files.ts"
import { renameFile } from "#lib/files/rename-file.ts"
import { requireFile } from "#lib/files/require-file.ts"
import { formText, parse } from "#lib/input.ts"
import { Uuid } from "#lib/uuid.ts"
import { memberAction } from "#lib/web/action.ts"

const FileIds = z.array(Uuid).min(1, "Choose at least one file.").max(10_000)

const fileIdsOf = (form: FormData) => parse(FileIds, (formText(form, "files") ?? "").split(" "))

/** The filter of a list, as the page has it in its address, or a `folder`: the ids of all of it. */
export const findFileIdsAction = memberAction((member, form) =>
  listFileIds(
    member.id,
    parse(FileListQuery, {
      q: formText(form, "q"),
      path: form.has("path") ? (formText(form, "path") ?? "") : undefined,
      folder: formText(form, "folder"),
      shared: formText(form, "shared"),
    }),
  ),
)

/** The paths of the member's folders. */
export const findFoldersAction = memberAction((member) => listFolderPaths(member.id))

/** Fields `files`, ids with spaces between, and `path`, the folder they go to. */
export const moveFilesAction = memberAction(async (member, form) => {
  const path = parse(FolderPath, formText(form, "path") ?? "")
  const moved = await moveFiles(member.id, { fileIds: fileIdsOf(form), path })
  revalidatePath("/files")
  return { ...moved, path }
})

/** Fields `from` and `to`, the paths of a folder before and after. */
export const moveFolderAction = memberAction(async (member, form) => {
  const from = parse(KnownFolder, formText(form, "from") ?? "")
  const path = parse(FolderPath, formText(form, "to") ?? "")
  const moved = await moveFolder(member.id, { from, to: path })
  revalidatePath("/files")
  return { ...moved, path }
})

/** Fields `id`, the path of a folder, and `name`, its last part from now on. */
export const renameFolderAction = memberAction(async (member, form) => {
  const from = parse(KnownFolder, formText(form, "id") ?? "")
  const name = parse(FileName, form.get("name"))
  const cut = from.lastIndexOf("/")
  const moved = await moveFolder(member.id, { from, to: from.slice(0, cut + 1) + name })
  revalidatePath("/files")
  return { ...moved, name }
})

/** Fields `id` and `name`. */
export const renameFileAction = memberAction(async (member, form) => {
  const name = parse(FileName, form.get("name"))
  const file = await renameFile(member.id, String(form.get("id")), name)
  revalidatePath("/files")
  return file
})

/** Field `files`: ids with spaces between. */
export const deleteFilesAction = memberAction(async (member, form) => {
  const ids = fileIdsOf(form)
  for (const id of ids) await deleteFile(member.id, id)
  revalidatePath("/files")
  return { count: ids.length }
})

/** Field `id`: ends the addresses handed out for the file. */
export const cutOffFileAction = memberAction((member, form) =>
  cutOffFile(member.id, String(form.get("id"))),
)

/** Field `id`: how the last cut off of the file is. */
export const readFileCutOffAction = memberAction(async (member, form) => {
  const { id } = await requireFile(member.id, String(form.get("id")))
  return findFileCutOff(id)
})
