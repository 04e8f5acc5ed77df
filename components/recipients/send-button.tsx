"use client"

import { useTranslations } from "next-intl"
import { type ComponentProps, useState } from "react"
import { Button } from "#components/ui/button.tsx"
import { preloadDialogs } from "#components/ui/dialogs/dialog-parts.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { PageSettings } from "#lib/web/page-settings.ts"
import type { Sent } from "./send-form.tsx"

const dialogs = onDemand(() => import("./send-dialog.tsx"))

type SendButtonProps = {
  of: Sent
  settings: Pick<PageSettings, "mail" | "verifiedOnly">
} & Pick<ComponentProps<typeof Button>, "variant" | "size" | "className">

/** Opens the dialog that gives people links of their own. */
export function SendButton({ of, settings, ...look }: SendButtonProps) {
  const t = useTranslations("member.recipients")
  const [open, setOpen] = useState(false)
  const { part, loading } = useShownPart(dialogs, open, () => setOpen(false))
  function preload() {
    preloadDialogs()
    dialogs.load()
  }
  return (
    <>
      <Button
        size="sm"
        {...look}
        aria-haspopup="dialog"
        onPointerEnter={preload}
        onFocus={preload}
        onClick={() => setOpen(true)}
      >
        {t("sendTo")}
      </Button>
      {part ? (
        <part.SendDialog of={of} settings={settings} open={open} onOpenChange={setOpen} />
      ) : (
        loading
      )}
    </>
  )
}
