"use server"

import { revalidatePath } from "next/cache"
import { getTranslations } from "next-intl/server"
import { z } from "zod"
import { Refusal } from "#lib/errors.ts"
import { parse } from "#lib/input.ts"
import { dismissQuestionsAsAdmin } from "#lib/questions/dismiss-questions.ts"
import { requireAnyShare } from "#lib/shares/require-share.ts"
import { restoreShareAsAdmin } from "#lib/shares/restore-share.ts"
import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { RevokeSharesInput, type ShareView } from "#lib/shares/share.ts"
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
  if (!result.dryRun) revalidatePath("/admin/shares", "layout")
  return result
})

/** Field `id` (many). */
export const restoreSharesAction = adminAction(async (admin, form) => {
  const ids = parse(ShareIds, form.getAll("id"))
  for (const id of ids) await restoreShareAsAdmin(admin.adminId, id)
  revalidatePath("/admin/shares", "layout")
  return { count: ids.length }
})

/** Field `id`. */
export const restoreShareAction = adminAction(async (admin, form) => {
  const share = await restoreShareAsAdmin(admin.adminId, String(form.get("id")))
  revalidatePath("/admin/shares", "layout")
  return share
})

/** Field `id`. */
export const dismissQuestionsAction = adminAction(async (admin, form) => {
  await dismissQuestionsAsAdmin(admin.adminId, String(form.get("id")))
  revalidatePath("/admin/shares", "layout")
})

/**
 * Field `id`: ends the addresses that a revoked share handed out before. It counts as revoked by an
 * admin from then on, with the reason that it had.
 */
export const cutOffRevokedAction = adminAction(async ({ adminId }, form): Promise<ShareView> => {
  const id = parse(Uuid, form.get("id"))
  const { status, revokeReason } = await requireAnyShare(adminId, id)
  if (status !== "revoked") {
    const t = await getTranslations("admin.shares")
    throw new Refusal("conflict", t("restoredMeanwhile"))
  }
  await revokeShares(adminId, { ids: [id], cutOff: true, reason: revokeReason ?? "" })
  revalidatePath("/admin/shares", "layout")
  return requireAnyShare(adminId, id)
})
