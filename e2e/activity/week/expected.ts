import { DAY } from "#testing/units.ts"
import { type Act, PEOPLE, type Person } from "./people.ts"
import type { Planned, Week } from "./start-week.ts"

// The expected content of pages, CSV files and answers, computed only from the diary.

const VISITS = ["view", "claim", "viewer", "mint", "preview", "unlock"]

export const actsOf = ({ diary }: Week, { title }: Planned) =>
  diary.filter(({ share }) => share === title)

const count = (acts: Act[], kind: Act["kind"]) =>
  acts.filter((act) => act.kind === kind && !act.again).length

/** Identifies the same browser on the same day. Hashes also depend on the real day in UTC. */
const visitorOf = ({ who, day, at }: Act) =>
  `${who} ${day} ${new Date(at).toISOString().slice(0, 10)}`

export function countsOf(week: Week, plan: Planned) {
  const acts = actsOf(week, plan)
  const [claims, viewers] = [count(acts, "claim"), count(acts, "viewer")]
  return {
    views: count(acts, "view"),
    botViews: count(acts, "bot_view"),
    previews: count(acts, "preview"),
    downloads: claims + viewers,
    viewers,
    visitors: new Set(acts.filter(({ kind }) => VISITS.includes(kind)).map(visitorOf)).size,
  }
}

/**
 * The counts that a list shows beside the views, in its column and in the line of a phone. The
 * column is of downloads, which a view-only share has not.
 */
export function countedOf(week: Week, plan: Planned): { column: string; line: string } {
  const { viewOnly = false, maxDownloads: limit } = plan.conditions
  const { previews, downloads: used, viewers } = countsOf(week, plan)
  const of = (what: string) => ({
    column: `${used} of ${limit} ${what}`,
    line: `${used} of ${limit} ${what}`,
  })
  if (limit && viewers > 0 && viewers < used) return of("used")
  if (limit && viewOnly) return { column: "–", line: of(limit === 1 ? "viewer" : "viewers").line }
  if (viewOnly) return { column: "–", line: plural(previews, "preview") }
  if (limit) return { column: `${used} of ${limit} Downloads`, line: of("downloads").line }
  return { column: `${used} Downloads`, line: plural(used, "download") }
}

const plural = (number: number, word: string) => `${number} ${word}${number === 1 ? "" : "s"}`

/** Whether a share is open, and if not why, and in how many days it ends. */
export function stateOf(week: Week, plan: Planned) {
  const { startsAt, expiresAt, maxDownloads } = plan.conditions
  // All shares were made on the first day, and each day makes them one day older.
  const daysTo = (time: Date | string | null | undefined) =>
    time
      ? (Number(new Date(time)) - Date.now()) / DAY - (week.today() - 1)
      : Number.POSITIVE_INFINITY
  const endsInDays = daysTo(expiresAt)
  const isUsedUp = maxDownloads && countsOf(week, plan).downloads >= maxDownloads
  const tab = plan.isRevoked
    ? "Revoked"
    : endsInDays <= 0
      ? "Expired"
      : isUsedUp
        ? "Used up"
        : startsAt && daysTo(startsAt) > 0
          ? "Scheduled"
          : "Open"
  return { tab, endsInDays }
}

/** How many files the member has, and how much storage they use. */
export function storageOf(week: Week): { files: number; size: string } {
  const names = [...week.shares.values()].flatMap(({ everHeld }) => [...everHeld.keys()])
  // The bytes of a deleted file count while an upload URL works.
  const bytes = names.reduce((sum, name) => sum + `the bytes of ${name}`.length, 0)
  const size = bytes < 1000 ? `${bytes} bytes` : `${Math.round(bytes / 100) / 10} kB`
  return { files: names.length - week.deleted(), size }
}

/** The numbers, the leading one first: names, values, and what each is compared with. */
export function numbersOf(week: Week, plan: Planned): string[] {
  const { viewOnly = false, maxDownloads: limit } = plan.conditions
  const { views, visitors, downloads: used, viewers, previews, botViews } = countsOf(week, plan)
  const taken = used - viewers
  const below = !limit ? "" : viewers && taken ? `${used} of ${limit} used` : `of ${limit}`
  const numbers = [
    `Views ${views}`,
    `Visitors ${visitors}`,
    ...(viewOnly && !taken
      ? []
      : [`Downloads ${taken} ${viewOnly ? "before view only" : below}`.trim()]),
    ...(limit && (viewOnly || viewers)
      ? [`Viewers ${viewers} ${viewOnly ? below : "while view only"}`]
      : []),
    `Previews ${previews}`,
    `Bots ${botViews}`,
  ]
  const leading = viewOnly
    ? limit
      ? "Viewers"
      : "Previews"
    : limit || taken
      ? "Downloads"
      : "Views"
  return numbers.toSorted((a, b) => Number(b.startsWith(leading)) - Number(a.startsWith(leading)))
}

/** How many download links were issued for each file, and how many previews it had. */
export function filesOf(week: Week, plan: Planned) {
  const rows = new Map<string, { downloads: number; previews: number }>()
  for (const { kind, files, again } of actsOf(week, plan)) {
    for (const name of files) {
      const row = rows.get(name) ?? { downloads: 0, previews: 0 }
      rows.set(name, row)
      if (kind === "claim" || kind === "mint") row.downloads += 1
      if (kind === "preview" && !again) row.previews += 1
    }
  }
  for (const [name, { downloads, previews }] of rows)
    if (downloads + previews === 0) rows.delete(name)
  return rows
}

/** The names that the chart by file shows; the others are summed up. */
const NAMES = 8

/** The rows of the chart by file: the first files, and the others in one row. */
export function chartOf(week: Week, plan: Planned): string[][] {
  const { viewers, downloads } = countsOf(week, plan)
  const columns: ("downloads" | "previews")[] = !plan.conditions.viewOnly
    ? ["downloads", "previews"]
    : downloads > viewers
      ? ["previews", "downloads"]
      : ["previews"]
  const [main = "downloads"] = columns
  const all = [...filesOf(week, plan)].map(([name, row]) => ({
    name,
    id: plan.everHeld.get(name) ?? "",
    ...row,
  }))
  const sorted = all.toSorted(
    (a, b) => b.downloads + b.previews - a.downloads - a.previews || (a.id < b.id ? -1 : 1),
  )
  const shown = sorted.slice(0, NAMES).toSorted((a, b) => b[main] - a[main])
  const sum = (of: (typeof columns)[number]) =>
    sorted.slice(NAMES).reduce((total, row) => total + row[of], 0)
  return [
    ...shown.map((row) => [row.name, ...columns.map((of) => String(row[of]))]),
    ...(sorted.length > NAMES ? [["Others", ...columns.map((of) => String(sum(of)))]] : []),
  ]
}

/** How many visitors downloaded each file that the share still contains. */
export function takersOf(week: Week, plan: Planned): Map<string, number> {
  const takers = new Map<string, Set<string>>()
  for (const act of actsOf(week, plan).filter(isTake)) {
    for (const name of act.files) {
      if (!plan.files.has(name)) continue
      takers.set(name, (takers.get(name) ?? new Set()).add(visitorOf(act)))
    }
  }
  return new Map([...takers].map(([name, { size }]) => [name, size]))
}

const isTake = ({ kind }: Act) => kind === "claim" || kind === "mint"

/** The receipts, the latest visitor first: the sentence, and the line below it. */
export function receiptsOf(week: Week, plan: Planned): string[] {
  const visits = Map.groupBy(
    actsOf(week, plan).filter(({ kind }) => kind !== "bot_view"),
    visitorOf,
  )
  return [...visits.values()]
    .filter((acts) => acts.some(({ kind }) => VISITS.includes(kind)))
    .toSorted((one, other) => orderOf(other.at(-1)) - orderOf(one.at(-1)))
    .map((acts) => `${sentenceOf(acts, plan)}${lineBelow(acts)}`)
}

const orderOf = (act: Act | undefined) => (act ? act.day * DAY * 1000 + act.at : 0)

function personOf([first]: Act[]): Person {
  if (!first) throw new Error("A receipt has acts.")
  return PEOPLE[first.who]
}

function lineBelow(acts: Act[]) {
  const { browser } = personOf(acts)
  const hosts = acts.flatMap(({ from }) => from ?? []).toSorted()
  return [...(browser ? [browser] : []), ...(hosts.at(-1) ? [`from ${hosts.at(-1)}`] : [])]
    .join(" · ")
    .replace(/^(?=.)/, " | ")
}

function sentenceOf(acts: Act[], { files, conditions }: Planned): string {
  const { agent, device } = personOf(acts)
  const views = count(acts, "view")
  const wrong = count(acts, "unlock_failed")
  const refused = count(acts, "refused")
  const present = (some: Act[]) =>
    [...files.keys()].filter((name) => some.some((act) => act.files.includes(name)))
  const taken = present(acts.filter(isTake))
  const looked = present(acts.filter(({ kind }) => kind === "preview"))
  const gone = new Set(
    acts.filter(isTake).flatMap((act) => act.files.filter((name) => !files.has(name))),
  )
  const never = [...files.keys()].filter((name) => !taken.includes(name))
  const unlocked = count(acts, "unlock") > 0
  const times = views < 2 ? "" : views === 2 ? " twice" : ` ${views} times`
  const took: string[] = []
  if (taken.length > 0) {
    const some = `downloaded ${taken.length} of ${files.size} files`
    if (files.size === 1) took.push(`downloaded ${listOf(taken)}`)
    else if (never.length === 0)
      took.push(files.size === 2 ? "downloaded both files" : `downloaded all ${files.size} files`)
    else if (never.length <= 3) took.push(some, `didn’t download ${listOf(never)}`)
    else took.push(taken.length <= 3 ? `${some} (${listOf(taken)})` : some)
  }
  if (gone.size > 0)
    took.push(
      `downloaded ${gone.size === 1 ? "a file that is" : `${gone.size} files that are`} no longer in this share`,
    )
  if (refused > 0) took.push(`was denied ${refused === 1 ? "a download" : `${refused} downloads`}`)
  const isSilent = took.length > 0 || conditions.viewOnly || (wrong > 0 && !unlocked)
  return `${[
    device === null
      ? `Accessed with ${agent} at HH:MM`
      : `${views === 0 ? "Active" : "Opened"}${times} on ${device}${times && ", first"} at HH:MM`,
    ...(wrong > 0
      ? [
          `entered ${wrong === 1 ? "a wrong password or code" : `${wrong} wrong passwords or codes`}${
            unlocked ? ", then the right one" : ""
          }`,
        ]
      : []),
    ...(wrong > 0 && !unlocked && taken.length + looked.length === 0 ? ["didn’t get in"] : []),
    ...(looked.length > 0 ? [`previewed ${listOf(looked)}`] : []),
    ...took,
    ...(isSilent ? [] : ["downloaded nothing"]),
  ]
    .map((clause, at) => `${["", ", "][at] ?? "; "}${clause}`)
    .join("")}.`
}

function listOf(names: string[]) {
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  return new Intl.ListFormat("en").format(shown)
}

/** The rows of "All events", the latest first. */
export function eventsOf(week: Week, plan: Planned): string[] {
  return actsOf(week, plan)
    .toReversed()
    .map((act) => {
      const { agent }: Person = PEOPLE[act.who]
      return `${labelOf(act)} | ${agent}${act.from ? ` · from ${act.from}` : ""}`
    })
}

const LABELS = {
  view: "Opened",
  bot_view: "Opened by a bot",
  claim: "Downloaded",
  viewer: "Started to preview, counted as a viewer",
  mint: "Downloaded, not counted again",
  preview: "Previewed",
  unlock: "Unlocked",
  unlock_failed: "Wrong password or code",
  refused: "Denied",
}

function labelOf({ kind, files, isAll, again }: Act) {
  const label = again ? "Previewed, not counted again" : LABELS[kind]
  if (isAll) return `${label} · all files`
  if (files.length > 1) return `${label} · ${files.length} files`
  return [label, ...files].join(" · ")
}

export const LABEL_OF_API: Record<Act["kind"], string> = {
  ...{ view: "view", bot_view: "bot_view", claim: "claim", viewer: "claim", mint: "mint" },
  ...{ preview: "preview", unlock: "unlock", unlock_failed: "unlock_failed", refused: "refused" },
}

/** Counts acts by the day on which they happened, in a reader's time zone. */
export function byDay(week: Week, acts: Act[], timeZone: string): Map<string, number> {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone })
  const days = acts.map(({ day, at }) => format.format(at - (week.today() - day) * DAY))
  return new Map([...Map.groupBy(days, (day) => day)].map(([day, { length }]) => [day, length]))
}
