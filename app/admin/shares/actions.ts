"use server"

import { revalidatePath } from "next/cache"
import { parse } from "#lib/input.ts"
import { restoreShareAsAdmin } from "#lib/shares/restore-share.ts"
import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { RevokeSharesInput } from "#lib/shares/share.ts"
import { adminAction } from "#lib/web/action.ts"

/** Fields `id` (many), `ownerId` or `all`; `reason`; `dryRun` only counts. */
export const revokeSharesAction = adminAction(async (admin, form) => {
  const ids = form.getAll("id")
  const ownerId = form.get("ownerId")
  const input = parse(RevokeSharesInput, {
    ...(ids.length > 0 ? { ids } : {}),
    ...(ownerId ? { ownerId } : {}),
    ...(form.has("all") ? { all: true } : {}),
    reason: form.get("reason") ?? undefined,
    dryRun: form.has("dryRun"),
  })
  const result = await revokeShares(admin.adminId, input)
  if (!result.dryRun) revalidatePath("/admin/shares")
  return result
})

/** Field `id`. */
export const restoreShareAction = adminAction(async (admin, form) => {
  const share = await restoreShareAsAdmin(admin.adminId, String(form.get("id")))
  revalidatePath("/admin/shares")
  return share
})
