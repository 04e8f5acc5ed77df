"use client"

import { useEffect } from "react"
import { poll } from "#components/calls/poll.ts"
import { useRefresh } from "./use-refresh.ts"

/** The shortest and the longest pause between two refreshes. */
const PAUSES_MS = {
  arriving: [5_000, 30_000],
  mailing: [1_500, 60_000],
  cutOff: [400, 3_000],
  checks: [3_000, 10_000],
  backup: [1_000, 10_000],
} as const

type RefreshWhileProps = {
  what: keyof typeof PAUSES_MS
  /** How much is left, or whether something runs; 0 or false stops refreshing. */
  left: number | boolean
}

/**
 * Refreshes the page while files are uploading, mails wait for the mail server, or a cut off, the
 * checks or a backup run: often after `left` changed, then less and less often, and never in a hidden tab.
 */
export function RefreshWhile({ what, left }: RefreshWhileProps) {
  const refresh = useRefresh()
  useEffect(() => {
    if (!left) return
    const [shortest, most] = PAUSES_MS[what]
    const { stop } = poll({ first: () => shortest, most }, async () => {
      refresh()
      return false
    })
    return stop
  }, [left, what, refresh])
  return null
}
