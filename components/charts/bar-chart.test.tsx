import { NextIntlClientProvider } from "next-intl"
import { renderToStaticMarkup } from "react-dom/server"
import { expect, it } from "vitest"
import charts from "../../messages/en/charts.json"
import { BarChart } from "./bar-chart.tsx"

const chart = renderToStaticMarkup(
  <NextIntlClientProvider locale="en" timeZone="UTC" messages={{ charts }}>
    <BarChart
      range="the last 2 days"
      step="day"
      stepName="Day"
      bars={[
        { key: "a", name: "Monday" },
        { key: "b", name: "Tuesday" },
      ]}
      series={[
        { name: "Views", counts: [1_200, 3] },
        { name: "Downloads", counts: [1_200, 0] },
      ]}
    />
  </NextIntlClientProvider>,
)

it("draws the bars of a day beside each other, so that none hides another", () => {
  const bars = [...chart.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)].map(
    ([, x, width]) => [Number(x), Number(x) + Number(width)] as const,
  )

  expect(bars).toHaveLength(4)
  for (const [index, [start]] of bars.slice(1).entries())
    expect(start).toBeGreaterThanOrEqual(bars[index]?.[1] ?? Number.NaN)
})

it("has its highest value on the scale", () => {
  expect(chart).toContain(">1,200</p>")
})
