import { dialectOf } from "#components/time/dialect.ts"
import { formatTime, type TimeForm, zoneName } from "#components/time/format-time.ts"
import { locale, t } from "#visitor/islands/page-data.ts"

/** The reader's time zone, and their regional variant of the page's language. */
export const reader = {
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
  locale: dialectOf(locale, navigator.languages),
}

/** Shows the times of the page, which the server renders in UTC, in the reader's zone. */
export function showLocalTimes(root: ParentNode = document) {
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-form]")) {
    const { form, now } = element.dataset
    if (!isTimeForm(form)) continue
    const at = new Date(element.dateTime)
    const time = formatTime(at, form, reader, now ? new Date(now) : null)
    element.textContent = t("common.timeInZone", { time, zone: zoneName(at, reader) })
  }
}

const isTimeForm = (form: string | undefined): form is TimeForm =>
  form === "full" || form === "short" || form === "date" || form === "clock"
