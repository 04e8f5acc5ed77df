import { useLocale, useTranslations } from "next-intl"
import { formatRelative } from "#components/time/format-time.ts"
import { Badge } from "#components/ui/badge.tsx"
import type { OwnFile } from "#lib/rooms/files/retention/keep-files.ts"

const SOON_MS = 14 * 86_400_000

type FateBadgeProps = Partial<Pick<OwnFile, "deletesAt" | "kept" | "legalHold">> & { now: string }

/** Says that a file is deleted within two weeks or is due, or why it stays. */
export function FateBadge({ deletesAt, kept, legalHold, now }: FateBadgeProps) {
  const t = useTranslations("member.files")
  const locale = useLocale()
  if (legalHold) return <Badge>{t("legalHold")}</Badge>
  const left = deletesAt ? Date.parse(deletesAt) - Date.parse(now) : SOON_MS
  if (deletesAt && left < SOON_MS) {
    const when = formatRelative(new Date(deletesAt), new Date(now), locale)
    return <Badge tone="warning">{left > 0 ? t("lapses", { when }) : t("due")}</Badge>
  }
  return kept && <Badge>{t("kept")}</Badge>
}
