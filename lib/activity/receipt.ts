/** The events of one share that its page reads at most; earlier ones are only counted. */
export const EVENTS_READ = 10_000

/** What one visitor did on one UTC day: after it the same visitor cannot be told from a new one. */
export type Receipt = {
  id: string
  /** ISO 8601 UTC. */
  firstAt: string
  lastAt: string
  /** How often the page was opened. */
  views: number
  /** Coarse: "Chrome on Android", "curl". */
  agent: string | null
  /** Host of the Referer. */
  referrer: string | null
  /** For whom the link was made. */
  recipient: string | null
  unlocked: boolean
  wrongPasswords: number
  /** Downloads that were refused. */
  refusals: number
  /** Of the share's present files. */
  taken: FileNames
  /** Of the share's present files; empty unless all events were read. */
  neverTaken: FileNames
  lookedAt: FileNames
  /** Files that were taken and are deleted now. */
  takenDeleted: number
  /** Whether all events of the visitor were read. */
  isComplete: boolean
}

/** The first few names, and the number of all. */
export type FileNames = { names: string[]; count: number }

export type BotFetches = {
  /** "bot: Slackbot", "curl", or a browser that fetched ahead; null: unknown. */
  agent: string | null
  count: number
  lastAt: string
}

/** What visitors and bots did on a share, from its latest events. */
export type ShareActivity = {
  /** Different visitors, each once a day. */
  visitors: number
  /** By how many visitors each file was taken; files that none took are left out. */
  takers: Map<string, number>
  /** Newest first. */
  receipts: Receipt[]
  nextCursor: string | null
  bots: BotFetches[]
  /** The earliest event that was read, if there are earlier ones that were not. */
  since: string | null
}

export const SYSTEM_NAMES = [
  "iPhone",
  "iPad",
  "Android",
  "ChromeOS",
  "Windows",
  "macOS",
  "Linux",
] as const
export type SystemName = (typeof SYSTEM_NAMES)[number]

export type Device = {
  system: SystemName | null
  browser: string | null
  /** The program of a script. */
  tool: string | null
}

/** The parts of an event's agent: "Chrome on Android" is a browser on a system, "curl" a tool. */
export function deviceOf(agent: string | null): Device {
  const [first = "", second] = (agent ?? "").split(" on ")
  const system = SYSTEM_NAMES.find((name) => name === (second ?? first)) ?? null
  if (system) return { system, browser: second === undefined ? null : first, tool: null }
  if (BROWSER_NAMES.has(first)) return { system: null, browser: first, tool: null }
  return { system: null, browser: null, tool: first || null }
}

const BROWSER_NAMES = new Set([
  "Edge",
  "Opera",
  "Samsung Internet",
  "Vivaldi",
  "Firefox",
  "Chrome",
  "Safari",
])
