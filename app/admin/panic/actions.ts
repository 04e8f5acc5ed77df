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
import { numberToType } from "./number-to-type.ts"
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

  const result = await revokeShares(adminId, input, (counted) => {
    const count = numberToType(counted)
    const typed = formText(form, "typed")?.replace(/\D/g, "")
    if (typed === String(count)) return
    // The page then shows the present figures.
    revalidatePath("/admin/panic")
    if (count === 0) throw new Refusal("conflict", t("nothingLeft"))
    const meanwhile = typed !== undefined && typed === formText(form, "shown")
    throw new Refusal("conflict", t(meanwhile ? "countChanged" : "countDiffers", { count }), {
      field: "typed",
    })
  })
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
