"use client"

import { useTranslations } from "next-intl"
import { ask } from "#components/calls/ask.ts"
import { useToastedChange } from "#components/calls/use-call.ts"
import { useReader } from "#components/time/local-time.tsx"
import { Button } from "#components/ui/button.tsx"
import { useToast } from "#components/ui/overlays/toast.tsx"
import type { ShareView } from "#lib/rooms/shares/share.ts"
import { extensionOf } from "./extension.ts"
import { untilText } from "./until-text.ts"

type ExtendButtonProps = {
  share: Pick<ShareView, "id" | "status" | "expiresAt">
  /** The share's name, if a page has several of these buttons. */
  name?: string
  now: string
  maxShareDays: number | null
  className?: string
}

/** Extends a share that expires soon, with Undo. Renders nothing for other shares. */
export function ExtendButton({ share, name, now, maxShareDays, className }: ExtendButtonProps) {
  const t = useTranslations("member.extension")
  const toast = useToast()
  const reader = useReader()
  const { run, pending } = useToastedChange()
  const extension = extensionOf(share, new Date(now), maxShareDays)
  if (!extension) return null
  const { hours, expiresAt } = extension
  const undo = () =>
    run(
      () => ask("PATCH /shares/{id}", { id: share.id, body: { expiresAt: share.expiresAt } }),
      () => toast({ title: t("undone"), tone: "ok" }),
    )

  function extended() {
    // The button disappears, so the focus moves to the page.
    document.querySelector<HTMLElement>("main")?.focus({ preventScroll: true })
    toast({
      title: t("done", { until: untilText(new Date(expiresAt), new Date(now), reader) }),
      tone: "ok",
      timeout: 8_000,
      action: { label: t("undo"), onClick: undo },
    })
  }

  return (
    <div className={className}>
      <Button
        variant="text"
        size="sm"
        className="-ms-3.25"
        pending={pending}
        onClick={() =>
          run(() => ask("PATCH /shares/{id}", { id: share.id, body: { expiresAt } }), extended)
        }
      >
        {hours % 24 === 0 ? t("days", { count: hours / 24 }) : t("hours", { count: hours })}
        {name && <span className="sr-only"> ({name})</span>}
      </Button>
    </div>
  )
}
