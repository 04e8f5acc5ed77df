import { getLocale, getTranslations } from "next-intl/server"
import { readerDialect } from "#app/(member)/reader-dialect.ts"
import { BarChart, CsvLink } from "#components/charts/bar-chart.tsx"
import { BarTable } from "#components/charts/bar-table.tsx"
import { ListTabs } from "#components/lists/list-tabs.tsx"
import { formatTime, type Reader, zoneName } from "#components/time/format-time.ts"
import { LocalTime } from "#components/time/local-time.tsx"
import { ReaderZone } from "#components/time/reader-zone.tsx"
import { ownerUrl } from "#lib/adapters/http/owner-path.ts"
import { dateTimeFormat } from "#lib/adapters/text/intl-formatters.ts"
import {
  CHART_RANGES,
  type ChartRange,
  type ChartTimes,
} from "#lib/rooms/activity/charts/chart-range.ts"
import {
  CHART_PARTS,
  type ChartPart,
  columnsOf,
  rowsOfPart,
  rowsOfTime,
  sizeOf,
} from "#lib/rooms/activity/charts/chart-rows.ts"
import type { ShareCounts } from "#lib/rooms/activity/counts.ts"
import { listAddress } from "#lib/web/list-address.ts"

type ShareChartProps = {
  shareId: string
  /** The slug of the team whose share it is; null for the member's. */
  team: string | null
  counts: ShareCounts
  times: ChartTimes
  range: ChartRange
  zone: string
  /** The page's URL for another time range. */
  addressOf: (range: ChartRange) => string
  now: string
}

/** How many names each list shows. */
export const NAMES_SHOWN = 8

/** A chart of when a share was opened and downloaded, with the same as a table and as CSV. */
export async function ShareChart(props: ShareChartProps) {
  const { counts, times, range, zone, addressOf, now } = props
  const t = await getTranslations("charts")
  const rows = rowsOfTime(counts, times)
  const reader = { locale: await readerDialect(), timeZone: zone }
  const nameOf = barNames(times, reader, new Date(now))
  const series = (["views", ...counts.shown] as const)
    .map((name) => ({ name: t(name), counts: rows.map((row) => row[name]) }))
    .filter(({ counts }) => counts.some((count) => count > 0))
  return (
    <div className="min-w-0">
      <ReaderZone drawn={zone} />
      <ListTabs
        label={t("ranges")}
        className="mb-4"
        tabs={CHART_RANGES.map((each) => ({
          href: addressOf(each),
          text: t(`range.${each}`),
          current: each === range,
        }))}
      />
      {series.length === 0 ? (
        <p className="text-soft">{t("none")}</p>
      ) : (
        <BarChart
          range={t(`rangeText.${range}`)}
          step={times.step}
          stepName={t(times.step === "hour" ? "hour" : "dayColumn")}
          bars={times.bars.map(({ key, at }) => ({ key, name: nameOf(at) }))}
          series={series}
          csv={{ href: csvHref(props, "time"), name: t("heading") }}
        />
      )}
      <p className="text-xs text-soft">
        {series.length > 0 && t("zone", { zone: zoneName(new Date(now), reader) })}{" "}
        {counts.until &&
          t.rich("until", {
            when: () => <LocalTime at={counts.until ?? now} form="short" now={now} />,
          })}
      </p>
    </div>
  )
}

/** Tables of the files that were downloaded and of the recipients, in the time of the chart. */
export function ShareParts(props: Omit<ShareChartProps, "times" | "addressOf" | "now">) {
  const { counts } = props
  const parts = CHART_PARTS.filter((part) => rowsOfPart(part, counts).length > 0)
  return (
    <div className="grid gap-x-9 gap-y-7 sm:grid-cols-2">
      {parts.map((part) => (
        <PartChart key={part} part={part} counts={counts} csvHref={csvHref(props, part)} />
      ))}
    </div>
  )
}

type CsvProps = Pick<ShareChartProps, "shareId" | "team" | "range" | "zone">

const csvHref = ({ shareId, team, range, zone }: CsvProps, by: "time" | ChartPart) =>
  ownerUrl(team, listAddress(`/api/v1/shares/${shareId}/activity.csv`, { by, range, zone }))

type PartChartProps = { part: ChartPart; counts: ShareCounts; csvHref: string }

async function PartChart({ part, counts, csvHref }: PartChartProps) {
  const t = await getTranslations("charts")
  const locale = await getLocale()
  const rows = rowsOfPart(part, counts)
  const unnamed = t(part === "file" ? "unknownFile" : "noRecipient")
  const erased = (await getTranslations("member.recipients"))("erasedName")
  const names = { several: t("several"), others: t("others"), unnamed, erased }
  const columns = columnsOf(part, counts)
  const size = sizeOf(part, counts)
  return (
    <div className="min-w-0 only:col-span-full">
      <div className="flex items-baseline justify-between gap-4 text-sm">
        <h3 className="font-semibold">{t(part)}</h3>
        <CsvLink href={csvHref} name={t(part)} />
      </div>
      <BarTable
        headed
        nameColumn={t(`${part}s`)}
        columns={columns.map((column) => t(column))}
        rows={rows.map((row) => ({
          key: row.key,
          name: row.isName ? (
            <bdi title={row.name}>{row.name}</bdi>
          ) : (
            <span className="text-soft">{names[row.name as keyof typeof names]}</span>
          ),
          cells: columns.map((column) => row[column].toLocaleString(locale)),
          size: size(row),
        }))}
      />
      {part === "file" && columns.includes("downloads") && (
        <p className="mt-2 text-sm text-soft">{t("fileText")}</p>
      )}
    </div>
  )
}

/** The labels of a chart's hours or days. */
function barNames({ step }: ChartTimes, reader: Reader, now: Date) {
  if (step === "hour") return (at: Date) => formatTime(at, "short", reader, now)
  const format = dateTimeFormat(reader.locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC", // a calendar day
  })
  return (at: Date) => format.format(at)
}
