"use server"

import { revalidatePath } from "next/cache"
import { headers } from "next/headers"
import { redirect } from "next/navigation"
import { getTranslations } from "next-intl/server"
import { Refusal } from "#lib/errors.ts"
import { formText, parse } from "#lib/input.ts"
import { revokeShares } from "#lib/shares/revoke-shares.ts"
import { RevokeSharesInput, type RevokeSharesResult } from "#lib/shares/share.ts"
import { adminAction } from "#lib/web/action.ts"
import { PanicQuery, panicHref, selectionOf } from "./panic-query.ts"

/** `endHref` is the page that says what was done; null: nothing was. */
export type PanicResult = RevokeSharesResult & { at: string; endHref: string | null }

/**
 * Fields of PanicQuery; `how`, "revoke" or "cut_off"; `reason`; `typed`, the number of shares that
 * the admin confirms; `shown`, the one that the page said.
 */
export const panicAction = adminAction(async ({ adminId, now }, form): Promise<PanicResult> => {
  const t = await getTranslations("admin.panic")
  const query = parse(PanicQuery, Object.fromEntries([...form].filter(([, value]) => value)))
  const selection = selectionOf(query)
  if (selection.state !== "chosen") throw new Refusal("invalid", t("nothingSelected"))
  const input = parse(RevokeSharesInput, {
    ...inputText(selection.input),
    reason: formText(form, "reason"),
    cutOff: form.get("how") === "cut_off",
  })

  const confirm = Number(formText(form, "typed")?.replace(/\D/g, ""))
  const result = await revokeShares(adminId, { ...input, confirm })
  revalidatePath("/admin", "layout")
  // A script goes there by itself.
  const byScript = (await headers()).has("next-action")
  const { id, acts } = result
  const endHref = id ? `/admin/panic/${id}` : acts.length > 0 ? panicHref(query, acts) : null
  if (endHref && !byScript) redirect(endHref)
  return { ...result, at: now.toISOString(), endHref }
})

/** The input as text again, since it is parsed together with the form's other fields. */
const inputText = ({ createdAfter, createdBefore, ...rest }: RevokeSharesInput) => ({
  ...rest,
  ...(createdAfter ? { createdAfter: createdAfter.toISOString() } : {}),
  ...(createdBefore ? { createdBefore: createdBefore.toISOString() } : {}),
})
