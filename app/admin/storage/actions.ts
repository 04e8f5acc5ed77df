"use server"

import { revalidatePath } from "next/cache"
import { checkStorage } from "#lib/doctor.ts"
import { adminAction } from "#lib/web/action.ts"

/** Answers when the check is done: the form without JavaScript comes back with what it found. */
export const checkStorageAction = adminAction(async () => {
  await checkStorage()
  revalidatePath("/admin/storage")
  return null
})
