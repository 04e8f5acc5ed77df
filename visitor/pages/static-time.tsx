import { createContext, use } from "react"
import {
  anyReader,
  formatRelative,
  formatTime,
  type TimeForm,
  zoneName,
} from "#components/time/format-time.ts"
import { useWords } from "./use-words.ts"

/** The time zone of the owner who previews the page; undefined for visitors. */
export const PreviewZone = createContext<string | undefined>(undefined)

type StaticTimeProps = {
  at: Date
  form?: TimeForm
  /** If given, the year is shown only where it differs. */
  now?: Date | undefined
}

/**
 * An instant with its time zone: rendered in UTC for visitors, then converted to the reader's zone by
 * a script.
 */
export function StaticTime({ at, form = "full", now }: StaticTimeProps) {
  const { t, locale } = useWords()
  const reader = { ...anyReader(locale), timeZone: use(PreviewZone) ?? "UTC" }
  const name = zoneName(at, reader)
  const zone = "place" in name ? t("common.localZone", { place: name.place }) : name.name
  const time = formatTime(at, form, reader, now ?? null)
  return (
    <time dateTime={at.toISOString()} data-form={form} data-now={now?.toISOString()}>
      {t("common.timeInZone", { time, zone })}
    </time>
  )
}

/** A relative time such as "in 40 seconds", updated by a script while the page is open. */
export function StaticRelativeTime({ at, now }: { at: Date; now: Date }) {
  const { locale } = useWords()
  return (
    <time dateTime={at.toISOString()} data-form="relative">
      {formatRelative(at, now, locale)}
    </time>
  )
}
