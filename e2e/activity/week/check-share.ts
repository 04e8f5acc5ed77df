import { expect, type Page } from "@playwright/test"
import { type MemberClient, read } from "../../member-client.ts"
import {
  actsOf,
  chartOf,
  countsOf,
  eventsOf,
  filesOf,
  LABEL_OF_API,
  numbersOf,
  receiptsOf,
  takersOf,
} from "./expected.ts"
import { chartLabels, columnsOf, daysOf } from "./expected-charts.ts"
import {
  readCsv,
  readEvents,
  readNumbers,
  readReceipts,
  readTable,
  readTakers,
  textsOf,
} from "./read-pages.ts"
import type { Planned, Week } from "./start-week.ts"

/** The zone of playwright.config.ts. */
const ZONE = "Asia/Kathmandu"

export async function checkAnswers(week: Week, plan: Planned, member: MemberClient) {
  const { id } = plan.share
  const { visitors, ...counts } = countsOf(week, plan)
  expect(await read(await member.get(`/shares/${id}`), 200)).toMatchObject(counts)
  const live = await member.get(`/shares/live?ids=${id}&visitors=${id}`)
  expect(await read(live, 200)).toMatchObject({ items: [{ id, visitors, ...counts }] })

  const { items } = await read<{
    items: { kind: string; fileCount: number | null; again: boolean }[]
  }>(await member.get(`/shares/${id}/events?limit=100`), 200)
  const filesOfAct = ({ kind, isAll, files }: Week["diary"][number]) =>
    ["claim", "viewer", "mint"].includes(kind) && !isAll ? files.length : null
  expect(items.map(({ kind, fileCount, again }) => ({ kind, fileCount, again }))).toEqual(
    actsOf(week, plan)
      .toReversed()
      .map((act) => ({
        kind: LABEL_OF_API[act.kind],
        fileCount: filesOfAct(act),
        again: act.again,
      })),
  )
}

export async function checkPage(week: Week, plan: Planned, page: Page) {
  await page.goto(`/shares/${plan.share.id}`)
  expect(await readNumbers(page)).toEqual(numbersOf(week, plan))
  expect(await readReceipts(page)).toEqual(receiptsOf(week, plan))
  expect(await readEvents(page)).toEqual(eventsOf(week, plan).slice(0, 20))

  const activity = page.getByRole("region", { name: "Activity" })
  const charts = await activity
    .getByRole("img")
    .evaluateAll((all) => all.map((chart) => chart.getAttribute("aria-label")))
  expect(charts).toEqual(chartLabels(week, plan, ZONE))
  const byFile = page.getByRole("table").filter({ has: page.getByText("File", { exact: true }) })
  const rows = (await byFile.count()) ? await readTable(byFile) : []
  expect(rows).toEqual(chartOf(week, plan))

  expect(await readTakers(page)).toEqual(takersOf(week, plan))
  if (plan.isRevoked) return
  await page.getByRole("button", { name: "Revoke…" }).click()
  const asked = page.getByRole("alertdialog")
  await expect(asked).toContainText(`${soFar(week, plan)}. The files are kept`)
  await asked.getByRole("button", { name: "Cancel" }).click()
}

/** The activity of a share that the question before a revocation states. */
function soFar(week: Week, plan: Planned) {
  const { views, previews: looks, downloads, viewers } = countsOf(week, plan)
  const previews = plan.conditions.viewOnly ? looks : 0
  const taken = downloads - viewers
  const times = (count: number) => (count === 1 ? "once" : `${count} times`)
  const done = [
    ...(previews ? [`previewed ${times(previews)}`] : []),
    ...(taken ? [`downloaded ${times(taken)}`] : []),
  ].join(" and ")
  if (views === 0)
    return done ? `no one has opened its page, but it was ${done}` : "no one has opened it yet"
  return `it was opened ${times(views)}${done && ` and ${done}`}`
}

export async function checkCsv(week: Week, plan: Planned, page: Page) {
  const path = `/api/v1/shares/${plan.share.id}/activity.csv`
  const [head, ...days] = await readCsv(page, `${path}?range=month&zone=${ZONE}`)
  const columns = columnsOf(week, plan)
  expect(head).toBe(`day,${columns}`)
  const counted = columns.map((column) => daysOf(week, [plan], column, ZONE))
  expect(days).toHaveLength(30)
  for (const line of days) {
    const [day = ""] = line.split(",")
    expect(line).toBe([day, ...counted.map((count) => count.get(day) ?? 0)].join())
  }
  const byFile = columns.includes("previews") ? columns.slice(1) : ["downloads", "previews"]
  const [names, ...rows] = await readCsv(page, `${path}?by=file&range=month`)
  expect(names).toBe(`file,${byFile}`)
  const expected = [...filesOf(week, plan)].map(([name, row]) =>
    [name, ...byFile.map((of) => row[of as "downloads"])].join(),
  )
  expect(rows.toSorted()).toEqual(expected.toSorted())
}

export async function checkAdminPage(week: Week, plan: Planned, page: Page) {
  await page.goto(`/admin/shares/${plan.share.id}`)
  const { views, previews, downloads, viewers } = countsOf(week, plan)
  const taken = downloads - viewers
  expect(await textsOf(page.locator("main dl").first().locator(":scope > div"))).toEqual([
    `Views ${views}`,
    `Previews ${previews}`,
    ...(plan.conditions.viewOnly && taken === 0 ? [] : [`Downloads ${taken}`]),
    ...(viewers > 0 ? [`Viewers ${viewers}`] : []),
  ])
}
