import { BROWSERS, SYSTEMS } from "#lib/adapters/http/agent-tables.ts"

/** The maximum number of latest events that a share's page reads; others are only counted. */
export const EVENTS_READ = 10_000

/** The actions of one visitor on one UTC day; the next day the same visitor is a new one. */
export type Receipt = {
  id: string
  /** ISO 8601 UTC. */
  firstAt: string
  lastAt: string
  /** How often the visitor opened the page. */
  views: number
  /** The client in a few words: "Chrome on Android", "curl". */
  agent: string | null
  /** The host of the Referer header. */
  referrer: string | null
  /** The person for whom the link was made. */
  recipient: string | null
  unlocked: boolean
  /** Whether it is of a recipient's link that was never opened, for lack of a code or a password. */
  shutOut: boolean
  wrongPasswords: number
  refusals: number
  /** The share's current files that the visitor downloaded. */
  taken: FileNames
  /** The share's current files that the visitor never downloaded; empty if events were left out. */
  neverTaken: FileNames
  lookedAt: FileNames
  /** The number of downloaded files that are no longer in the share. */
  takenGone: number
  /** Whether all events of the visitor were read. */
  isComplete: boolean
}

export type FileNames = { names: string[]; count: number }

export type BotFetches = {
  /** "bot: Slackbot", "curl", or a browser that prefetched; null if unknown. */
  agent: string | null
  count: number
  lastAt: string
}

/** The activity of visitors and bots on a share, from its latest events. */
export type ShareActivity = {
  /** The number of different visitors, each counted once a day. */
  visitors: number
  /** The number of visitors who downloaded each file; files without a download are left out. */
  takers: Map<string, number>
  /** Newest first. */
  receipts: Receipt[]
  nextCursor: string | null
  bots: BotFetches[]
  /** The time of the earliest event that was read; null if there are no earlier ones. */
  since: string | null
  /** Whether earlier events are deleted, so that only their counts remain. */
  areDeleted: boolean
}

export type Device = {
  system: (typeof SYSTEMS)[number][1] | null
  browser: string | null
  /** The name of a script's program. */
  tool: string | null
}

/** Splits an agent: "Chrome on Android" is a browser on a system, "curl" a tool. */
export function deviceOf(agent: string | null): Device {
  const [first = "", second] = (agent ?? "").split(" on ")
  const [, system] = SYSTEMS.find(([, name]) => name === (second ?? first)) ?? [null, null]
  if (system) return { system, browser: second === undefined ? null : first, tool: null }
  if (BROWSERS.some(([, name]) => name === first))
    return { system: null, browser: first, tool: null }
  return { system: null, browser: null, tool: first || null }
}
