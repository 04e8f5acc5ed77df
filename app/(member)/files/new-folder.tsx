"use client"

import { FolderPlus } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "#components/ui/button.tsx"
import { useFileActions } from "./file-actions.tsx"
import { useAskedTexts } from "./use-asked-texts.ts"

/** Asks for the name of a new folder, and opens it. */
export function NewFolder({ path }: { path: string }) {
  const t = useTranslations("member.folders")
  const { newFolder } = useAskedTexts()
  const { askText } = useFileActions()
  return (
    <Button
      variant="text"
      size="sm"
      className="shrink-0 max-lg:px-2.5!"
      title={t("new")}
      onClick={() => askText(newFolder(path))}
    >
      <FolderPlus aria-hidden size={18} className="text-ink lg:hidden" />
      <span className="max-lg:sr-only">{t("new")}</span>
    </Button>
  )
}
