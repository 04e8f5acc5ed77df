"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { Button } from "#components/ui/button.tsx"

type BackUpButtonProps = { variant?: "primary" | "quiet"; isRunning?: boolean }

/** Makes a backup now. */
export function BackUpButton({ variant, isRunning = false }: BackUpButtonProps) {
  const t = useTranslations("admin.backups")
  const { run, pending } = useToastedChange()
  return (
    <Button
      size="sm"
      variant={variant}
      pending={pending || isRunning}
      onClick={() => run(() => ask("POST /admin/backup", {}))}
    >
      {t("now")}
    </Button>
  )
}
