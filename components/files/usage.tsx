import { useLocale, useTranslations } from "next-intl"
import { formatBytes } from "#lib/format-bytes.ts"
import { Progress } from "../ui/progress.tsx"
import { isLow, type UsageView } from "./usage-view.ts"

/** What a member's files take, and what is left where there is a quota. `onlyLow`: nothing until little is left. */
export function Usage({ usage, onlyLow = false }: { usage: UsageView; onlyLow?: boolean }) {
  const t = useTranslations("member.usage")
  const locale = useLocale()
  const { usedBytes, quotaBytes } = usage
  if (onlyLow && !isLow(usage)) return null
  const used = formatBytes(usedBytes, locale)
  if (quotaBytes === null) return <p className="mb-8.5 text-sm text-soft">{t("used", { used })}</p>
  const quota = formatBytes(quotaBytes, locale)
  const left = formatBytes(Math.max(0, quotaBytes - usedBytes), locale)
  return (
    <div className="mb-8.5 max-w-120">
      <p className="mb-1.5 text-sm text-soft">
        {t("usedOf", { used, quota })} · {t("left", { left })}
      </p>
      <Progress
        label={t("label")}
        fraction={quotaBytes > 0 ? Math.min(1, usedBytes / quotaBytes) : 1}
      />
    </div>
  )
}
