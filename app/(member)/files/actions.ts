"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { cutOffFile } from "#lib/cut-offs/cut-off-file.ts"
import { findFileCutOff } from "#lib/cut-offs/read-cut-off.ts"
import { deleteFile } from "#lib/files/delete-file.ts"
import { FileName } from "#lib/files/file.ts"
import { renameFile } from "#lib/files/rename-file.ts"
import { requireFile } from "#lib/files/require-file.ts"
import { parse } from "#lib/input.ts"
import { Uuid } from "#lib/uuid.ts"
import { memberAction } from "#lib/web/action.ts"

const FileIds = z.array(Uuid).min(1, "Choose at least one file.").max(200)

/** Fields `id` and `name`. */
export const renameFileAction = memberAction(async (member, form) => {
  const name = parse(FileName, form.get("name"))
  const file = await renameFile(member.id, String(form.get("id")), name)
  revalidatePath("/files")
  return file
})

/** Field `files`: ids with spaces between. */
export const deleteFilesAction = memberAction(async (member, form) => {
  const ids = parse(FileIds, String(form.get("files")).split(" "))
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
