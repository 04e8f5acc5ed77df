import { useTranslations } from "next-intl"
import { Badge } from "#components/ui/badge.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

/** A badge for a file that is being checked, is held or was not scanned; nothing for others. */
export function UncheckedBadge({ status, heldFor = "", notScanned }: Partial<FileView>) {
  const t = useTranslations("common")
  if (notScanned) return <Badge>{t("fileNotScanned")}</Badge>
  if (status === "checking") return <Badge>{t("fileChecking")}</Badge>
  if (status !== "held") return null
  return <Badge tone="danger">{t("fileHeld", { reason: heldFor ?? "" })}</Badge>
}
