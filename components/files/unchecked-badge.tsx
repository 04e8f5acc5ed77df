import { useTranslations } from "next-intl"
import { Badge } from "#components/ui/badge.tsx"
import type { FileView } from "#lib/rooms/files/file.ts"

/** A badge for a file that is being checked or is held; nothing for others. */
export function UncheckedBadge({ status, heldFor = "" }: Partial<FileView>) {
  const t = useTranslations("common")
  if (status === "checking") return <Badge>{t("fileChecking")}</Badge>
  if (status !== "held") return null
  return <Badge tone="danger">{t("fileHeld", { reason: heldFor ?? "" })}</Badge>
}
