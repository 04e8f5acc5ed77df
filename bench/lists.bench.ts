import { loadavg } from "node:os"
import pg from "pg"
import { databaseUrl } from "#server/configuration/database-url.ts"
import { signInClient } from "../e2e/member-client.ts"
import { type App, startApp } from "./app.ts"
import { median, table } from "./figures.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"
import { dataOf, LARGE, SECRETS, SMALL } from "./seeds/large-data.ts"
import { ADMIN, type Scale } from "./seeds/seed-many.ts"

// Measures how long every list and every detail page takes with 1,000,000 shares and 20,000,000
// events, against 1,000 and 20,000: the whole page, as a browser requests it, alternately from two
// apps. Both pages have equally many rows, where there are that many.
// npm run bench -- lists [rounds] [requests of each page in a round] [shares] [events]
const [ROUNDS = 5, REQUESTS = 8, SHARES = LARGE.shares, EVENTS = LARGE.events] = process.argv
  .slice(2)
  .map(Number)
const SECONDS = 420
const GOAL = 1.3

type Page = { group: string; name: string; path: string }
type Site = { app: App; cookie: string; pages: Page[]; remove(): void }

const sites: Site[] = []
try {
  const large = await open({ shares: SHARES, events: EVENTS })
  const small = await open(SMALL)
  await measure(large, small)
} finally {
  for (const { app, remove } of sites) {
    await app.stop()
    remove()
  }
}

async function open(scale: Scale): Promise<Site> {
  const { directory, remove } = await dataOf(scale)
  const app = await startApp(SECRETS, directory)
  const member = await signInClient(app.url, ADMIN)
  const { cookies } = await member.context.storageState()
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ")
  const site = { app, cookie, pages: await pagesOf(app, scale), remove }
  sites.push(site)
  await member.context.dispose()
  return site
}

async function pagesOf(app: App, { shares }: Scale): Promise<Page[]> {
  const client = new pg.Client({ connectionString: databaseUrl(`${app.directory}/postgres`) })
  await client.connect()
  try {
    const idOf = async (text: string) =>
      (await client.query<{ id: string }>(text)).rows[0]?.id ?? ""
    const admin = await idOf("SELECT id FROM member WHERE role = 'admin' ORDER BY id LIMIT 1")
    const hot = await idOf(`SELECT id FROM share WHERE owner_id = '${admin}' ORDER BY id LIMIT 1`)
    await client.query(`INSERT INTO event (at, share_id, kind, agent, visitor)
      SELECT now() - interval '1 day' - g * interval '1 minute', '${hot}', 'claim', 'Chrome on Windows', decode(md5((g / 3)::text), 'hex')
      FROM generate_series(1, 12000) g
      WHERE 12000 > (SELECT count(*) FROM event WHERE share_id = '${hot}' AND agent = 'Chrome on Windows' AND referrer IS NULL AND link_id IS NULL)`)
    const usual =
      await idOf(`SELECT id FROM (SELECT id FROM share WHERE owner_id = '${admin}' ORDER BY id OFFSET 1 LIMIT 300) s
      ORDER BY abs(20 - (SELECT count(*) FROM event WHERE share_id = s.id)), id LIMIT 1`)
    const file = await idOf(
      `SELECT file_id AS id FROM share_file WHERE share_id = '${usual}' LIMIT 1`,
    )
    const deep = await client.query<{ at: string }>(
      `SELECT to_char((now() - interval '300 days') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at`,
    )
    return listPages({ shares, hot, usual, file, deep: deep.rows[0]?.at ?? "" })
  } finally {
    await client.end()
  }
}

type Known = { shares: number; hot: string; usual: string; file: string; deep: string }

function listPages({ shares, hot, usual, file, deep }: Known): Page[] {
  const cursor = Buffer.from(
    JSON.stringify(["-created", "after", deep, "00000000-0000-4000-8000-000000000000"]),
  ).toString("base64url")
  const statuses = ["open", "scheduled", "expired", "revoked", "used_up"]
  const rare = `${Math.floor(shares * 0.54321)}`
  const queries: [string, string][] = [
    ["first page", ""],
    ["far down", `cursor=${cursor}`],
    ...statuses.map((status): [string, string] => [status, `status=${status}`]),
    ...statuses.map((status): [string, string] => [
      `${status}, far down`,
      `status=${status}&cursor=${cursor}`,
    ]),
    ...["end", "-end", "name", "-views"].map((sort): [string, string] => [
      `by ${sort}`,
      `sort=${sort}`,
    ]),
    ["open, by end", "status=open&sort=end"],
    ["revoked, by views", "status=revoked&sort=-views"],
  ]
  const searches: [string, string][] = [
    ["search, few hits", `q=${rare}`],
    ["search, a common word", "q=invoice"],
    ["search, nothing", "q=nothing+like+it"],
    ["search, two letters", "q=qu"],
    ["search in open", "q=budget&status=open"],
    ["search in used up", "q=budget&status=used_up"],
    ["search, by name", "q=report&sort=name"],
  ]
  const at = (group: string, path: string, all: [string, string][]) =>
    all.map(([name, query]) => ({ group, name, path: query ? `${path}?${query}` : path }))
  return [
    ...at("member's shares", "/shares", queries),
    ...at("member's search", "/shares", searches),
    ...at("member's files", "/files", [
      ["folders", ""],
      ["a folder", "path=Sales%2F2023"],
      ["all", "view=all"],
      ["not shared", "view=unshared"],
      ["by name", "view=all&sort=name"],
      ["by size", "view=all&sort=-size"],
      ["search, few hits", `q=${rare}`],
      ["search, a common word", "q=invoice"],
    ]),
    ...at("details", `/shares/${usual}`, [["a share with 20 events", ""]]),
    ...at("details", `/shares/${hot}`, [["a share with 12,000 events", ""]]),
    ...at("details", `/admin/shares/${hot}`, [["admin: a share with 12,000 events", ""]]),
    ...at("details", `/admin/files/${file}`, [["admin: a file", ""]]),
    ...at(
      "admin's shares",
      "/admin/shares",
      queries.filter(([, query]) => !query.includes("sort=") || query.includes("end")),
    ),
    ...at(
      "admin's search",
      "/admin/shares",
      searches.filter(([, query]) => !query.includes("sort=")),
    ),
    ...at("admin's files", "/admin/files", [
      ["first page", ""],
      ["by size", "sort=-size"],
      ["search, few hits", `q=${rare}`],
      ["search, a common word", "q=invoice"],
    ]),
    ...at("admin's others", "/admin", [["overview", ""]]),
    ...at("admin's others", "/admin/members", [
      ["members", ""],
      ["members, search", "q=member7"],
    ]),
    ...at("admin's others", "/admin/audit", [
      ["audit", ""],
      ["audit, one action", "action=share.revoke"],
      ["audit, search, few hits", `q=${rare}`],
      ["audit, search, a common word", "q=invoice"],
    ]),
  ]
}

async function measure(large: Site, small: Site) {
  const times = large.pages.map(() => ({ large: [] as number[], small: [] as number[] }))
  for (const site of [large, small]) for (const page of site.pages) await ask(site, page) // warms up
  await runRounds({ most: ROUNDS, seconds: SECONDS }, async (round) => {
    for (const [n, own] of times.entries()) {
      const asked = { large: [] as number[], small: [] as number[] }
      for (let request = 0; request < REQUESTS; request++) {
        asked.large.push(await ask(large, large.pages[n]))
        asked.small.push(await ask(small, small.pages[n]))
      }
      own.large.push(p95(asked.large))
      own.small.push(p95(asked.small))
    }
    console.log(`round ${round}, load ${loadavg()[0]?.toFixed(1)}`)
  })
  const rows = large.pages.map((page, n) => {
    const [own, other] = [times[n]?.large ?? [], times[n]?.small ?? []]
    return { ...page, own, other, ratio: median(ratiosOf(own, other)) }
  })
  const text = (value: number) => value.toFixed(0)
  console.log(`
p95 of ${REQUESTS} requests, medians of the rounds: ${SHARES.toLocaleString("en")} shares against ${SMALL.shares.toLocaleString("en")}

${table(
  ["page", "ms, large", "ms, small", "ratio"],
  rows.map(({ group, name, own, other, ratio }) => [
    `${group}: ${name}`,
    text(median(own)),
    text(median(other)),
    ratio <= GOAL ? ratio.toFixed(2) : `**${ratio.toFixed(2)}**`,
  ]),
)}`)
  const groups = [...new Set(rows.map(({ group }) => group))]
  report(
    groups.flatMap((group) => {
      const [worst] = rows
        .filter((row) => row.group === group)
        .toSorted((a, b) => b.ratio - a.ratio)
      if (!worst) return []
      return {
        measure: `${group}, the slowest (${worst.name}), p95`,
        against: `${SMALL.shares.toLocaleString("en")} shares`,
        figures: ratiosOf(worst.own, worst.other),
        goal: { most: GOAL },
      }
    }),
  )
}

function p95(values: number[]) {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? 0
}

async function ask({ app, cookie }: Site, page: Page | undefined) {
  const startedAt = performance.now()
  const answer = await fetch(app.url + (page?.path ?? ""), { headers: { cookie } })
  const text = await answer.text()
  if (answer.status !== 200 || text.includes('name="password"')) {
    throw new Error(`${page?.path} answered ${answer.status}: ${text.slice(0, 500)}`)
  }
  return performance.now() - startedAt
}
