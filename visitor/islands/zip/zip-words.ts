import { durationParts, formatTime } from "#components/time/format-time.ts"
import { formatBytes } from "#lib/adapters/text/format-bytes.ts"
import { numberFormat } from "#lib/adapters/text/intl-formatters.ts"
import { locale, t } from "#visitor/islands/page-data.ts"
import { reader } from "#visitor/islands/times/local-times.ts"
import type { ReportWords } from "../../zip/zip-job.ts"

export const number = (value: number) => numberFormat(locale).format(value)

export const percent = (part: number) => numberFormat(locale, { style: "percent" }).format(part)

export const bytes = (value: number) => formatBytes(value, locale)

/** A duration in at most two units: "2 minutes". */
export const duration = (milliseconds: number) =>
  durationParts(milliseconds)
    .map(({ unit, count }) => t(`common.${unit}`, { count }))
    .join(" ")

/** The texts of LAPSE.txt for files of one sender. */
export const reportWords = (name: string, sender: string): ReportWords => ({
  ...common(),
  head: [name, t("visitor.islands.zip.report.from", { sender, time: timeText() })],
  stated: t("visitor.islands.zip.report.stated", { sender }),
  differing: t("visitor.islands.zip.report.differing", { sender }),
})

/** The texts of LAPSE.txt for a member's files, which several senders may have sent. */
export const ownReportWords = (name: string, note: string): ReportWords => ({
  ...common(),
  head: [name, t("visitor.islands.zip.report.own", { time: timeText() }), note].filter(Boolean),
  stated: t("visitor.islands.zip.report.ownStated"),
  differing: t("visitor.islands.zip.report.ownDiffering"),
})

const common = () => ({
  missing: t("visitor.islands.zip.report.missing"),
  check: t("visitor.islands.zip.report.check"),
  verified: t("visitor.islands.zip.report.verified"),
  uncompared: t("visitor.islands.zip.report.uncompared"),
})

function timeText() {
  const now = new Date()
  const clock = formatTime(now, "clock", reader, null)
  return `${formatTime(now, "date", reader, null)}, ${clock} (${reader.timeZone})`
}
