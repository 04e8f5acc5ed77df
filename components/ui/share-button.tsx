"use client"

import { Share2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { useBrowserValue } from "#components/store.ts"
import { Button } from "./button.tsx"

type ShareButtonProps = {
  title: string
  url: string
  /** Called if the browser did not open its share sheet, but not if the user closed it. */
  onFailure: () => void
}

const hasShare = () => typeof navigator.share === "function"

/** Opens the phone's share sheet to send a link. Renders nothing if the browser has none. */
export function ShareButton({ title, url, onFailure }: ShareButtonProps) {
  const t = useTranslations("common")
  const isOffered = useBrowserValue(hasShare, false)
  if (!isOffered) return null

  async function share() {
    try {
      await navigator.share({ title, url })
    } catch (error) {
      if (!isCancelled(error)) onFailure()
    }
  }

  return (
    <Button
      variant="quiet"
      aria-label={t("send")}
      title={t("send")}
      onClick={share}
      className="w-11 shrink-0 px-0"
    >
      <Share2 aria-hidden size={18} />
    </Button>
  )
}

/** Whether the user closed the share sheet, or it is already open. */
const isCancelled = (error: unknown) =>
  error instanceof DOMException && ["AbortError", "InvalidStateError"].includes(error.name)
