import { useLocale, useTranslations } from "next-intl"
import { classNames } from "#components/ui/class-names.ts"

/** The name of a bar, in the table and as the bar's tooltip. */
type ChartBar = { key: string; name: string }

/** What is counted, with a count for each bar. */
type ChartSeries = { name: string; counts: number[] }

type BarChartProps = {
  /** The time range of the chart, such as "the last 30 days". */
  range: string
  step: "hour" | "day"
  /** The table heading of the bars' names. */
  stepName: string
  /** The bars in chronological order. */
  bars: ChartBar[]
  /** One to three series, side by side. The last is in colour. */
  series: ChartSeries[]
  /** The same data as CSV. */
  csv?: { href: string; name: string }
}

const HEIGHT = 72
const BAR = 8
const GAP = 2
const STEP = BAR + GAP
/** The smallest height of a bar whose count is not zero, so that it stays visible. */
const MIN_HEIGHT = 2

/** From the last series to the first. */
const LOOKS = [
  { bar: "fill-accent", key: "bg-accent" },
  { bar: "fill-edge", key: "bg-edge" },
  { bar: "fill-soft", key: "bg-soft" },
]

/** Counts over time as a bar chart, with the same data as a table. Works without JavaScript. */
export function BarChart({ range, step, stepName, bars, series, csv }: BarChartProps) {
  const t = useTranslations("charts")
  const locale = useLocale()
  const most = Math.max(...series.flatMap(({ counts }) => counts))
  const height = (value: number) =>
    value === 0 ? 0 : Math.max(MIN_HEIGHT, (value / most) * HEIGHT)
  const text = (count: number) => count.toLocaleString(locale)
  const label = series.map(({ name, counts }) =>
    t("label", { name, range, count: sum(counts), most: Math.max(...counts), step }),
  )
  const drawn = series.map((each, index) => ({ ...each, look: LOOKS[series.length - 1 - index] }))
  const width = BAR / series.length
  return (
    <div>
      <p aria-hidden className="border-b border-dashed border-line text-xs text-soft">
        {text(most)}
      </p>
      <svg
        role="img"
        aria-label={label.join(" ")}
        viewBox={`0 0 ${bars.length * STEP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        className="block h-24 w-full rtl:-scale-x-100"
      >
        <rect y={HEIGHT} width="100%" height={1} className="fill-line" />
        {bars.map(({ key, name }, at) => (
          <g key={key}>
            <title>
              {`${name}: ${series.map(({ name, counts }) => `${name} ${text(counts[at] ?? 0)}`).join(", ")}`}
            </title>
            <rect x={at * STEP} width={STEP} height={HEIGHT} className="fill-transparent" />
            {drawn.map(({ name, counts, look }, index) => (
              <rect
                key={name}
                x={at * STEP + GAP / 2 + index * width}
                y={HEIGHT - height(counts[at] ?? 0)}
                width={width}
                height={height(counts[at] ?? 0)}
                className={look?.bar}
              />
            ))}
          </g>
        ))}
      </svg>
      <div aria-hidden className="mt-1.5 flex justify-between gap-x-4 text-xs text-soft">
        {ticksOf(bars).map(({ key, name }) => (
          <span key={key}>{name}</span>
        ))}
      </div>
      <div aria-hidden className="mt-1.5 flex flex-wrap gap-x-4 text-xs text-soft">
        {drawn.map(({ name, look }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span className={classNames("size-2.5 rounded-xs", look?.key)} />
            {name}
          </span>
        ))}
      </div>
      <div className="mt-1 flex items-start justify-between gap-4 text-sm">
        <details className="min-w-0 grow">
          <summary className="w-fit rounded-md py-1.5 text-soft hover:text-ink">
            {t("asTable")}
          </summary>
          <table className="mt-1.5 w-full max-w-120">
            <thead>
              <tr className="text-xs text-soft">
                <th scope="col" className="py-1 text-start font-medium">
                  {stepName}
                </th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="py-1 ps-4 text-end font-medium">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {bars
                .map(({ key, name }, at) => (
                  <tr key={key} className="border-t border-line">
                    <td className="py-1">{name}</td>
                    {series.map(({ name, counts }) => (
                      <td key={name} className="py-1 ps-4 text-end">
                        {text(counts[at] ?? 0)}
                      </td>
                    ))}
                  </tr>
                ))
                .reverse()}
            </tbody>
          </table>
        </details>
        {csv && <CsvLink {...csv} />}
      </div>
    </div>
  )
}

/** The bars that are named on the axis, evenly spaced: the first, the last, and two between many. */
function ticksOf(bars: ChartBar[]) {
  const parts = bars.length < 8 ? Math.min(1, bars.length - 1) : 3
  const at = (part: number) => Math.round((part / Math.max(1, parts)) * (bars.length - 1))
  return Array.from({ length: parts + 1 }, (_, part) => bars[at(part)]).filter((bar) => !!bar)
}

const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0)

/** A link that downloads a chart's data as CSV. */
export function CsvLink({ href, name }: { href: string; name: string }) {
  const t = useTranslations("charts")
  return (
    <a
      href={href}
      download
      aria-label={t("csvOf", { name })}
      className="rounded-md py-1.5 text-soft underline decoration-edge underline-offset-3 hover:text-ink"
    >
      {t("csv")}
    </a>
  )
}
