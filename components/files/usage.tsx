import { useLocale, useTranslations } from "next-intl"
import { Progress } from "#components/ui/ring/progress.tsx"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"

/** A null quota means no limit. */
export type UsageView = { usedBytes: number; quotaBytes: number | null }

/** Whether less than a fifth of the quota is left. */
export const isLow = ({ usedBytes, quotaBytes }: UsageView) =>
  quotaBytes !== null && quotaBytes - usedBytes < quotaBytes / 5

/** How much of a quota is used, as a bar; nothing if there is no quota. */
export function QuotaBar({ usage: { usedBytes, quotaBytes } }: { usage: UsageView }) {
  const t = useTranslations("member.usage")
  if (quotaBytes === null) return null
  return (
    <Progress
      label={t("label")}
      fraction={quotaBytes > 0 ? Math.min(1, usedBytes / quotaBytes) : 1}
    />
  )
}

/** The storage that a member's files use, in a few words. */
export function UsedOf({ usage: { usedBytes, quotaBytes } }: { usage: UsageView }) {
  const t = useTranslations("member.usage")
  const locale = useLocale()
  const used = formatBytes(usedBytes, locale)
  if (quotaBytes === null) return t("used", { used })
  return t("usedOf", { used, quota: formatBytes(quotaBytes, locale) })
}

/** The storage that a member's files use, and the rest of the quota if there is one. */
export function Usage({ usage }: { usage: UsageView }) {
  const t = useTranslations("member.usage")
  const locale = useLocale()
  const { usedBytes, quotaBytes } = usage
  if (quotaBytes === null)
    return (
      <p className="mb-3 text-sm text-soft">
        <UsedOf usage={usage} />
      </p>
    )
  const left = formatBytes(Math.max(0, quotaBytes - usedBytes), locale)
  return (
    <div className="mb-3 max-w-120">
      <p className="mb-1.5 text-sm text-soft">
        <UsedOf usage={usage} /> · {t("left", { left })}
      </p>
      <QuotaBar usage={usage} />
      {isLow(usage) && <p className="mt-1.5 text-sm text-soft">{t("freedLater")}</p>}
    </div>
  )
}
