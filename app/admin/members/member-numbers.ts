import type { Locale, useTranslations } from "next-intl"
import { configuration } from "#lib/adapters/configuration.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import type { MemberView } from "#lib/rooms/accounts/member.ts"
import { COUNTED_TO } from "#lib/rooms/admin/member-counts.ts"

type Translate = ReturnType<typeof useTranslations<"admin.members">>

/** Formats the used storage, with the quota where there is one: "1.2 GB of 10 GB". */
export function storageOf(
  member: Pick<MemberView, "usedBytes" | "quotaBytes">,
  t: Translate,
  locale: Locale,
) {
  const quota = member.quotaBytes ?? configuration.DEFAULT_QUOTA_BYTES ?? null
  const used = formatBytes(member.usedBytes, locale)
  return quota === null ? used : t("ofQuota", { used, quota: formatBytes(quota, locale) })
}

/** Formats a count; "1,000+" above the limit. */
export const countOf = (count: number, t: Translate, locale: Locale) =>
  count > COUNTED_TO ? t("moreThan", { count: COUNTED_TO }) : count.toLocaleString(locale)
