import {
  anyReader,
  formatRelative,
  formatTime,
  type TimeForm,
  zoneName,
} from "#components/time/format-time.ts"
import type { Words } from "#visitor/language/page-words.ts"
import { usePage, useWords } from "./page-context.ts"

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
  const { words, previewZone = "UTC" } = usePage()
  const key = `${words.locale} ${previewZone} ${form} ${at.getTime()} ${now?.getUTCFullYear()}`
  const known = texts.get(key)
  const text = known ?? textOf({ at, form, now }, words, previewZone)
  if (known === undefined && texts.size < MAX_TEXTS) texts.set(key, text)
  return (
    <time dateTime={at.toISOString()} data-form={form} data-now={now?.toISOString()}>
      {text}
    </time>
  )
}

// Formatting a time is a large part of a small page, and a link is opened many times.
const texts = new Map<string, string>()
const MAX_TEXTS = 5_000

type Shown = Required<Pick<StaticTimeProps, "at" | "form">> & Pick<StaticTimeProps, "now">

function textOf({ at, form, now }: Shown, { t, locale }: Words, timeZone: string) {
  const reader = { ...anyReader(locale), timeZone }
  const time = formatTime(at, form, reader, now ?? null)
  return t("common.timeInZone", { time, zone: zoneName(at, reader) })
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
