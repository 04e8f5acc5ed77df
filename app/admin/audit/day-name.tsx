"use client"

import { formatTime } from "#components/time/format-time.ts"
import { TimeHead, useReader } from "#components/time/local-time.tsx"

type DayNameProps = { at: string; timeZone: string; now: Date }

/** The day of an instant in the time zone by which a page is grouped. */
export function DayName({ at, timeZone, now }: DayNameProps) {
  const { locale } = useReader()
  return <TimeHead text={formatTime(new Date(at), "day", { locale, timeZone }, now)} />
}
