import { getTranslations } from "next-intl/server"
import { OverviewSection } from "./overview-section.tsx"

type Day = { day: string; count: number }
type DayChartProps = { name: string; days: Day[] }

const HEIGHT = 72
const BAR = 8
const GAP = 2
/** A day on which something happened can be seen. */
const LEAST = 2

/** Counts of days as bars, and the same as a table. */
export async function DayChart({ name, days }: DayChartProps) {
  const t = await getTranslations("overview")
  const most = Math.max(...days.map(({ count }) => count))
  const count = days.reduce((sum, day) => sum + day.count, 0)
  const words = { name, days: t("days") }
  const height = (value: number) => (value === 0 ? 0 : Math.max(LEAST, (value / most) * HEIGHT))
  return (
    <OverviewSection title={t("chartTitle", words)}>
      <p className="text-xl font-semibold">{t("chartTotal", { count })}</p>
      <svg
        role="img"
        aria-label={t("chartLabel", { ...words, count, most })}
        viewBox={`0 0 ${days.length * (BAR + GAP) - GAP} ${HEIGHT + 1}`}
        preserveAspectRatio="none"
        className="mt-3 block h-20 w-full"
      >
        <rect y={HEIGHT} width="100%" height={1} className="fill-line" />
        {days.map(({ day, count }, index) => (
          <rect
            key={day}
            x={index * (BAR + GAP)}
            y={HEIGHT - height(count)}
            width={BAR}
            height={height(count)}
            className="fill-accent"
          />
        ))}
      </svg>
      <p aria-hidden className="mt-1 flex justify-between text-xs text-soft">
        <span>{days[0]?.day}</span>
        <span>{days.at(-1)?.day}</span>
      </p>
      <details className="mt-2 text-sm">
        <summary className="w-fit rounded-md py-1.5 text-soft hover:text-ink">
          {t("asTable")}
        </summary>
        <table className="mt-1.5 w-full max-w-80">
          <thead>
            <tr className="text-left text-xs text-soft">
              <th scope="col" className="py-1 font-medium">
                {t("day")}
              </th>
              <th scope="col" className="py-1 text-right font-medium">
                {name}
              </th>
            </tr>
          </thead>
          <tbody>
            {days.toReversed().map(({ day, count }) => (
              <tr key={day} className="border-t border-line">
                <td className="py-1">{day}</td>
                <td className="py-1 text-right">{count.toLocaleString("en")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </OverviewSection>
  )
}
