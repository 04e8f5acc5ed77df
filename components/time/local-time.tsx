"use client"

import { useLocale, useTranslations } from "next-intl"
import { createContext, type ReactNode, useContext, useEffect, useState } from "react"
import { useBrowserValue } from "#components/store.ts"
import { dialectOf } from "./dialect.ts"
import {
  anyReader,
  formatRelative,
  formatTime,
  type Reader,
  type TimeForm,
  zoneName,
} from "./format-time.ts"
import { browserZone, rememberZone } from "./remember-zone.ts"

const ReaderContext = createContext<Reader | null>(null)

type ReaderProviderProps = { drawn: Reader; children: ReactNode }

/**
 * Provides the reader for whom the server renders times to the pages below, and stores the
 * browser's time zone in a cookie for the next pages.
 */
export function ReaderProvider({ drawn, children }: ReaderProviderProps) {
  useEffect(() => void rememberZone(), [])
  return <ReaderContext value={drawn}>{children}</ReaderContext>
}

/**
 * The reader's time zone, and their regional variant of the page's language; on the server and
 * until hydration, those that the server knows.
 */
export function useReader(): Reader {
  const pageLocale = useLocale()
  const drawn = useContext(ReaderContext) ?? anyReader(pageLocale)
  const timeZone = useBrowserValue(() => browserZone() ?? drawn.timeZone, drawn.timeZone)
  const locale = useBrowserValue(() => dialectOf(pageLocale, navigator.languages), drawn.locale)
  return { locale, timeZone }
}

/** The current time by the server's clock. It advances in the browser; null: it is not updated. */
export function useNow(serverNow: Date | string, everyMilliseconds: number | null): Date {
  const start = new Date(serverNow).getTime()
  const [page, setPage] = useState(() => ({ start, began: Date.now() }))
  const [elapsed, setElapsed] = useState(0)
  // A refreshed page has a later time.
  if (page.start !== start) {
    setPage({ start, began: Date.now() })
    setElapsed(0)
  }
  const { began } = page

  useEffect(() => {
    if (everyMilliseconds === null) return
    const tick = () => setElapsed(Math.max(0, Date.now() - began))
    const timer = setInterval(tick, everyMilliseconds)
    // Timers pause in a hidden tab and while the machine sleeps.
    document.addEventListener("visibilitychange", tick)
    return () => {
      clearInterval(timer)
      document.removeEventListener("visibilitychange", tick)
    }
  }, [everyMilliseconds, began])

  return new Date(start + elapsed)
}

/** Returns a function that returns the server's time while the page is open. */
export function useServerTime(serverNow: string): () => Date {
  const [page, setPage] = useState(() => ({ serverNow, began: Date.now() }))
  if (page.serverNow !== serverNow) setPage({ serverNow, began: Date.now() })
  return () => new Date(new Date(page.serverNow).getTime() + Date.now() - page.began)
}

type LocalTimeProps = {
  at: Date | string
  form?: TimeForm
  /** Whether to name the time zone. By default only for "full", and while the zone is UTC. */
  zone?: boolean
  /** If given, the year is left out while it is the current one. */
  now?: Date | string
}

/** An instant in the reader's time zone. */
export function LocalTime({ at, form = "full", zone, now }: LocalTimeProps) {
  const t = useTranslations("common")
  const reader = useReader()
  const date = new Date(at)
  const zoneText = zoneName(date, reader)
  const time = formatTime(date, form, reader, now === undefined ? null : new Date(now))
  const named = zone ?? (form === "full" || (reader.timeZone === "UTC" && form !== "date"))
  const full = formatTime(date, "full", reader, null)
  return (
    <time
      dateTime={date.toISOString()}
      {...(!named && { title: t("timeInZone", { time: full, zone: zoneText }) })}
    >
      {named ? t("timeInZone", { time, zone: zoneText }) : time}
    </time>
  )
}

/** The heading of a column of times that leave out their zone: it names UTC, which surprises. */
export function TimeHead({ text }: { text: string }) {
  const t = useTranslations("common")
  const isUtc = useReader().timeZone === "UTC"
  return <span>{isUtc ? t("timeInZone", { time: text, zone: "UTC" }) : text}</span>
}

/** "in 2 days", "3 hours ago", by the server's clock, updated while the page is open. */
export function RelativeTime({ at, now }: { at: Date | string; now: Date | string }) {
  const locale = useLocale()
  const current = useNow(now, 20_000)
  const date = new Date(at)
  return (
    <time dateTime={date.toISOString()} suppressHydrationWarning>
      {formatRelative(date, current, locale)}
    </time>
  )
}
