"use server"

import { revalidatePath } from "next/cache"
import { z } from "zod"
import { parse } from "#lib/input.ts"
import { restoreShareAsAdmin } from "#lib/shares/restore-share.ts"
import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/shares/share.ts"
import { Uuid } from "#lib/uuid.ts"
import { adminAction } from "#lib/web/action.ts"

const ShareIds = z.array(Uuid).min(1, "Choose at least one share.").max(200)

/** Fields `id` (many) and `reason`; `cutOff` ends addresses too, `dryRun` only counts. */
export const revokeSharesAction = adminAction(async (admin, form) => {
  const input = parse(RevokeSharesInput, {
    ids: form.getAll("id"),
    reason: form.get("reason") ?? undefined,
    cutOff: form.has("cutOff"),
    dryRun: form.has("dryRun"),
  })
  const result = await revokeShares(admin.adminId, input)
  if (!result.dryRun) revalidatePath("/admin/shares")
  return result
})

/** Field `id` (many). */
export const restoreSharesAction = adminAction(async (admin, form) => {
  const ids = parse(ShareIds, form.getAll("id"))
  for (const id of ids) await restoreShareAsAdmin(admin.adminId, id)
  revalidatePath("/admin/shares")
  return { count: ids.length }
})

/** Field `id`. */
export const restoreShareAction = adminAction(async (admin, form) => {
  const share = await restoreShareAsAdmin(admin.adminId, String(form.get("id")))
  revalidatePath("/admin/shares")
  return share
})
