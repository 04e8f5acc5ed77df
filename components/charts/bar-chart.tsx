import { getLocale, getTranslations } from "next-intl/server"

export type ChartBar = {
  key: string
  /** The name of the bar, in the table and as the bar's tooltip. */
  name: string
  count: number
}

type BarChartProps = {
  name: string
  /** The time range of the chart, such as "the last 30 days". */
  range: string
  step: "hour" | "day"
  /** The table heading of the bars' names. */
  stepName: string
  /** The bars in chronological order. */
  bars: ChartBar[]
  /** The URL of the same data as CSV. */
  csvHref?: string
}

const HEIGHT = 72
const BAR = 8
const GAP = 2
/** The smallest height of a bar whose count is not zero, so that it stays visible. */
const MIN_HEIGHT = 2

/** Counts over time as a bar chart, with the same data as a table. Works without JavaScript. */
export async function BarChart({ name, range, step, stepName, bars, csvHref }: BarChartProps) {
  const t = await getTranslations("charts")
  const locale = await getLocale()
  const most = Math.max(...bars.map(({ count }) => count))
  const count = bars.reduce((sum, bar) => sum + bar.count, 0)
  const height = (value: number) =>
    value === 0 ? 0 : Math.max(MIN_HEIGHT, (value / most) * HEIGHT)
  return (
    <div>
      <p className="text-xl font-semibold">{count.toLocaleString(locale)}</p>
      <svg
        role="img"
        aria-label={t("label", { name, range, count, most, step })}
        viewBox={`0 0 ${bars.length * (BAR + GAP) - GAP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        className="mt-3 block h-20 w-full rtl:-scale-x-100"
      >
        <rect y={HEIGHT} width="100%" height={1} className="fill-line" />
        {bars.map(({ key, name, count }, index) => (
          <rect
            key={key}
            x={index * (BAR + GAP)}
            y={HEIGHT - height(count)}
            width={BAR}
            height={height(count)}
            className="fill-accent"
          >
            <title>{`${name}: ${count.toLocaleString(locale)}`}</title>
          </rect>
        ))}
      </svg>
      <p aria-hidden className="mt-1 flex justify-between text-xs text-soft">
        <span>{bars[0]?.name}</span>
        <span>{bars.at(-1)?.name}</span>
      </p>
      <div className="mt-2 flex items-start justify-between gap-4 text-sm">
        <details className="min-w-0 grow">
          <summary className="w-fit rounded-md py-1.5 text-soft hover:text-ink">
            {t("asTable")}
          </summary>
          <table className="mt-1.5 w-full max-w-80">
            <thead>
              <tr className="text-xs text-soft">
                <th scope="col" className="py-1 text-start font-medium">
                  {stepName}
                </th>
                <th scope="col" className="py-1 text-end font-medium">
                  {name}
                </th>
              </tr>
            </thead>
            <tbody>
              {bars.toReversed().map(({ key, name, count }) => (
                <tr key={key} className="border-t border-line">
                  <td className="py-1">{name}</td>
                  <td className="py-1 text-end">{count.toLocaleString(locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
        {csvHref && <CsvLink href={csvHref} name={name} />}
      </div>
    </div>
  )
}

/** A link that downloads a chart's data as CSV. */
export async function CsvLink({ href, name }: { href: string; name: string }) {
  const t = await getTranslations("charts")
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
