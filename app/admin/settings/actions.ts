"use server"

import { revalidatePath } from "next/cache"
import { changeBranding } from "#lib/admin/change-branding.ts"
import { changePolicies, viewPolicies } from "#lib/admin/change-policies.ts"
import { findOutsideShares } from "#lib/admin/outside-shares.ts"
import { ShortenInput, shortenShares } from "#lib/admin/shorten-shares.ts"
import { formText, parse } from "#lib/input.ts"
import { BrandingChange } from "#lib/policies/branding.ts"
import {
  POLICY_NAMES,
  PolicyChange,
  type PolicyName,
  type PolicyView,
} from "#lib/policies/policy.ts"
import { adminAction } from "#lib/web/action.ts"
import { readBrandingForm } from "./branding-form-data.ts"
import { readPolicyForm } from "./policy-form-data.ts"

/** What open shares are about: after a change of these they are counted. */
const OF_SHARES: PolicyName[] = [
  ...(["maxShareDays", "passwordRequired", "limitRequired"] as const),
  ...(["maxFileBytes", "allowedTypes", "blockedTypes"] as const),
]

/** Which policies changed, and how many open shares they would not allow today. */
export type PoliciesSaved = { changed: PolicyName[]; outside: number }

/** Fields: `of`, the names of the policies in the form, and each of them; or `reset`, one name. */
export const savePolicies = adminAction(async ({ adminId }, form): Promise<PoliciesSaved> => {
  const before = await viewPolicies(adminId)
  const change = parse(PolicyChange, readPolicyForm(form))
  const after = await changePolicies(adminId, withoutSame(change, before))
  revalidatePath("/admin/settings")
  const changed = POLICY_NAMES.filter((name) => !isSame(before[name], after[name]))
  const counts = changed.some((name) => OF_SHARES.includes(name))
  return { changed, outside: counts ? (await findOutsideShares(adminId)).count : 0 }
})

/** A form has every value of its section: those that hold already stay where they come from. */
function withoutSame({ reset = [], ...change }: PolicyChange, now: PolicyView): PolicyChange {
  const others = POLICY_NAMES.filter((name) => !isSame(change[name], now[name].value))
  return { reset, ...Object.fromEntries(others.map((name) => [name, change[name]])) }
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

/** Fields of the branding; an empty one clears it. */
export const saveBranding = adminAction(async ({ adminId }, form): Promise<null> => {
  await changeBranding(adminId, parse(BrandingChange, await readBrandingForm(form)))
  revalidatePath("/admin/settings")
  return null
})

/** Field `endsInDays`; with `dryRun` it only counts. */
export const shorten = adminAction(async ({ adminId }, form) => {
  const input = parse(ShortenInput, {
    endsInDays: Number(formText(form, "endsInDays") ?? Number.NaN),
    dryRun: formText(form, "dryRun") === "on",
  })
  const result = await shortenShares(adminId, input)
  if (!result.dryRun) revalidatePath("/admin/settings")
  return result
})
