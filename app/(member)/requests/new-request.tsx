"use client"

import { Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { Button } from "#components/ui/button.tsx"
import type { PageSettings } from "#lib/web/page-settings.ts"
import { useRequestDialogs } from "./dialogs/use-request-dialogs.tsx"

type NewRequestProps = {
  settings: PageSettings
  now: string
  /** Whether the form is open at first. */
  opens: boolean
}

/** The button that makes a request. */
export function NewRequest({ settings, now, opens }: NewRequestProps) {
  const t = useTranslations("member.requests")
  const { create, preload, element } = useRequestDialogs(settings, now)
  // Each page that was asked for with the form has another time.
  const askedAt = opens ? now : null
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each page that was asked for
  useEffect(() => {
    if (askedAt === null) return
    create()
    // A reload of the page does not open the form again.
    history.replaceState(history.state, "", location.pathname)
  }, [askedAt])
  return (
    <>
      <Button
        size="sm"
        className="shrink-0"
        onPointerEnter={preload}
        onFocus={preload}
        onClick={create}
      >
        <Plus aria-hidden size={18} />
        {t("new")}
      </Button>
      {element}
    </>
  )
}
