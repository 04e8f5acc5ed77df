"use client"

import { useTranslations } from "next-intl"
import { durationParts } from "#components/format-time.ts"
import { useNow } from "#components/local-time.tsx"

const HOUR = 3_600_000

/** Milliseconds until then, ticking: by the second once the end is near. */
export function useTimeLeft(until: Date, serverNow: Date): number {
  const roughly = until.getTime() - useNow(serverNow, 15_000).getTime()
  const exactly = until.getTime() - useNow(serverNow, roughly < 1.1 * HOUR ? 1_000 : null).getTime()
  return Math.min(roughly, exactly)
}

/** "2 days 7 hours". */
export function useDuration(): (milliseconds: number) => string {
  const t = useTranslations("common")
  return (milliseconds) =>
    durationParts(milliseconds)
      .map(({ unit, count }) => t(unit, { count }))
      .join(" ")
}
