"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { type ReactNode, useState } from "react"
import { useOwnerPath } from "#components/nav/owner.ts"
import { useServerTime } from "#components/time/local-time.tsx"
import { copyText } from "#components/ui/forms/copy-text.ts"
import { useToast } from "#components/ui/overlays/toast.tsx"
import { onDemand } from "#components/ui/parts/on-demand.ts"
import { useShownPart } from "#components/ui/parts/part-loading.tsx"
import type { RequestView } from "#lib/rooms/requests/request.ts"
import type { PageSettings } from "#lib/web/page-settings.ts"
import type { ShownRequest } from "./request-dialogs-view.tsx"

/** The dialogs are loaded before or when the first one opens. */
const views = onDemand(() => import("./request-dialogs-view.tsx"))

export type RequestDialogs = {
  /** The element that the caller renders once. */
  element: ReactNode
  create: () => void
  ask: (dialog: Exclude<ShownRequest["dialog"], "new">, request: RequestView) => void
  /** Preloads the dialogs, because one may open soon. */
  preload: () => void
}

/**
 * The dialogs about a member's requests. `serverNow` is the server's time when the page was
 * rendered.
 */
export function useRequestDialogs(settings: PageSettings, serverNow: string): RequestDialogs {
  const t = useTranslations("member.requests")
  const toast = useToast()
  const router = useRouter()
  const at = useOwnerPath()
  const now = useServerTime(serverNow)
  const [shown, setShown] = useState<ShownRequest | null>(null)
  // Separate from `shown`, which is kept while the dialog fades out.
  const [open, setOpen] = useState(false)
  const { part, loading } = useShownPart(views, open, () => setOpen(false))

  function show(next: ShownRequest) {
    setShown(next)
    setOpen(true)
  }

  async function onSaved({ id, url }: RequestView) {
    setOpen(false)
    if (shown?.dialog !== "new") return toast({ title: t("form.saved"), tone: "ok" })
    const isCopied = url !== null && (await copyText(url))
    toast({
      title: t("form.created"),
      ...(isCopied && { description: t("form.createdCopied") }),
      tone: "ok",
    })
    router.push(at(`/requests/${id}#title`))
  }

  return {
    element:
      shown && part ? (
        <part.RequestDialogsView
          shown={shown}
          open={open}
          onClose={() => setOpen(false)}
          onSaved={onSaved}
          settings={settings}
          now={now}
        />
      ) : (
        loading
      ),
    create: () => show({ dialog: "new", request: null }),
    ask: (dialog, request) => show({ dialog, request }),
    preload: views.load,
  }
}
