import type { Locator, Page } from "@playwright/test"

/** One line of a text, with its times replaced. */
export const flat = (text: string | null) =>
  (text ?? "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\b\d\d:\d\d\b/g, "HH:MM")

export const textsOf = async (items: Locator) => (await items.allInnerTexts()).map(flat)

/** The numbers of a share's page: each name and value, and what it is compared with. */
export const readNumbers = (page: Page) =>
  textsOf(
    page.getByRole("region", { name: "Statistics" }).locator("dl").first().locator(":scope > div"),
  )

/** The receipts, including those of earlier visitors: each sentence, and the line below it. */
export async function readReceipts(page: Page): Promise<string[]> {
  const latest = page.getByRole("region", { name: "Who opened it" })
  const items = latest.or(page.getByRole("region", { name: "History" })).locator("section li")
  const lines = await items.evaluateAll((rows) =>
    rows.map((row) => [...row.querySelectorAll("p")].map((line) => line.textContent).join(" | ")),
  )
  return lines.map(flat)
}

/** The events of the first page, after it is unfolded. */
export async function readEvents(page: Page): Promise<string[]> {
  const region = page.getByRole("region", { name: "History" })
  await region.getByText("All events").click()
  const rows = await region.locator("details[open] li").evaluateAll((items) =>
    items.map((item) => {
      const [label, by] = [item.children[1], item.children[1]?.querySelector("span.block")]
      const below = by?.textContent ?? ""
      return `${label?.textContent?.slice(0, -below.length || undefined)} | ${below}`
    }),
  )
  return rows.map(flat)
}

/** The rows of a table that has headings, without the headings. */
export async function readTable(table: Locator): Promise<string[][]> {
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")),
    )
  return rows.map((cells) => cells.map(flat))
}

/** The rows of the list of shares by title: views, previews and the other counts. */
export async function readList(list: Locator): Promise<Map<string, string[]>> {
  const rows = await list.locator(":scope > li").evaluateAll((items) =>
    items.map((item) => {
      const name = item.querySelector("a")?.textContent ?? ""
      return [name, ...[...item.children].map((cell) => (cell as HTMLElement).textContent ?? "")]
    }),
  )
  return new Map(rows.map(([name = "", ...cells]) => [name, cells.map(flat)]))
}

export async function readCsv(page: Page, path: string): Promise<string[]> {
  const answer = await page.request.get(path)
  return (await answer.text()).trimEnd().split("\r\n")
}

/** The number of visitors who downloaded each file, by its name; files without downloads are left out. */
export async function readTakers(page: Page): Promise<Map<string, number>> {
  const rows = await page
    .locator("section[aria-labelledby=files] li:not(:has(li))")
    .evaluateAll((items) =>
      items.map((item) => [item.querySelector("bdi")?.textContent ?? "", item.textContent ?? ""]),
    )
  const counts = rows.map(([name = "", text]) => {
    const [, count] = /downloaded by (\d+) visitors?/.exec(text ?? "") ?? []
    return [name, Number(count ?? 0)] as const
  })
  return new Map(counts.filter(([, count]) => count > 0))
}
