"use client"

import { useTranslations } from "next-intl"
import { useReader } from "#components/time/local-time.tsx"
import { untilText } from "./until-text.ts"

/** Returns a function that formats an expiry: "until Friday 18:00", "in the past" or never. */
export function useEndText(now: Date): (end: Date | null) => string {
  const t = useTranslations("member.link")
  const reader = useReader()
  return (end) => {
    if (end === null) return t("never")
    return end <= now ? t("past") : t("until", { when: untilText(end, now, reader) })
  }
}
