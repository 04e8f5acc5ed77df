"use client"

import { Share2 } from "lucide-react"
import { useTranslations } from "next-intl"
import { useSyncExternalStore } from "react"
import { Button } from "./button.tsx"

type ShareButtonProps = {
  title: string
  url: string
  /** The browser did not open its list of apps, and not because a person closed it. */
  onFailure: () => void
}

const subscribeToNothing = () => () => {}
const hasShare = () => typeof navigator.share === "function"

/** Opens the phone's own list of apps and people to send a link to. Nothing where there is none. */
export function ShareButton({ title, url, onFailure }: ShareButtonProps) {
  const t = useTranslations("common")
  const isOffered = useSyncExternalStore(subscribeToNothing, hasShare, () => false)
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

/** The person closed the list, or it is open already. */
const isCancelled = (error: unknown) =>
  error instanceof DOMException && ["AbortError", "InvalidStateError"].includes(error.name)
