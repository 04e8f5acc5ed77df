import type { Locale, useTranslations } from "next-intl"
import { configuration } from "#lib/adapters/configuration.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { NEARLY_FULL } from "#lib/rooms/admin/find-nearly-full.ts"
import { COUNTED_TO } from "#lib/rooms/admin/member-counts.ts"

type Translate = ReturnType<typeof useTranslations<"admin.members">>

const quotaOf = ({ quotaBytes }: Pick<MemberView, "quotaBytes">) =>
  quotaBytes ?? configuration.DEFAULT_QUOTA_BYTES ?? null

/** The storage that a member uses, and its limit: the member's own or the default. */
export const usageOf = (member: Pick<MemberView, "usedBytes" | "quotaBytes">) => ({
  usedBytes: member.usedBytes,
  quotaBytes: quotaOf(member),
})

/** Whether a member has used most of the storage limit. */
export function isNearlyFull(member: Pick<MemberView, "usedBytes" | "quotaBytes">) {
  const quota = quotaOf(member)
  return quota !== null && member.usedBytes > 0 && member.usedBytes >= quota * NEARLY_FULL
}

/** Formats the used storage, with the quota where there is one: "1.2 GB of 10 GB". */
export function storageOf(
  member: Pick<MemberView, "usedBytes" | "quotaBytes">,
  t: Translate,
  locale: Locale,
) {
  const quota = quotaOf(member)
  const used = formatBytes(member.usedBytes, locale)
  return quota === null ? used : t("ofQuota", { used, quota: formatBytes(quota, locale) })
}

/** Formats a count; "1,000+" above the limit. */
export const countOf = (count: number, t: Translate, locale: Locale) =>
  count > COUNTED_TO ? t("moreThan", { count: COUNTED_TO }) : count.toLocaleString(locale)
