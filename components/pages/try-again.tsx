"use client"

import { useRouter } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect, useTransition } from "react"
import { poll } from "#components/calls/poll.ts"
import { askSession } from "#components/calls/session-ended.ts"
import { Button } from "#components/ui/button.tsx"
import { buttonClass } from "#components/ui/button-class.ts"

const PAUSE_MS = 5_000
const MAX_PAUSE_MS = 30_000

/**
 * Reloads a page that an outage replaced: automatically once the app answers, or by a button, which
 * without JavaScript is a link.
 */
export function TryAgain() {
  const t = useTranslations("common.error")
  const router = useRouter()
  const [isPending, start] = useTransition()
  useEffect(() => {
    const refresh = () => start(() => router.refresh())
    const { stop } = poll({ first: () => PAUSE_MS, most: MAX_PAUSE_MS }, async () => {
      if ((await askSession()) !== null) refresh()
      return false
    })
    return stop
  }, [router])
  return (
    <div>
      <div className="needs-script">
        <Button pending={isPending} onClick={() => start(() => router.refresh())}>
          {t("again")}
        </Button>
        <p className="mt-3 text-sm text-soft">{t("byItself")}</p>
      </div>
      <p className="needs-no-script">
        {/* biome-ignore lint/a11y/useValidAnchor: the empty address is that of the page itself */}
        <a href="" className={buttonClass()}>
          {t("again")}
        </a>
      </p>
    </div>
  )
}
