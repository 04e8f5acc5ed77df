"use server"

import { revalidatePath } from "next/cache"
import { deleteFiles } from "#lib/admin/delete-files.ts"
import { FilesToDelete } from "#lib/files/file.ts"
import { parse } from "#lib/input.ts"
import { adminAction } from "#lib/web/action.ts"

/** Fields `ids`. */
export const deleteFilesAction = adminAction(async ({ adminId }, form) => {
  const { ids } = parse(FilesToDelete, { ids: form.getAll("ids") })
  const result = await deleteFiles(adminId, ids)
  revalidatePath("/admin/files")
  return result
})
