import { BROWSERS, SYSTEMS } from "./agent-tables.ts"
import { findBot, findTool, firstMatch, readableAgent } from "./bots.ts"

/** A cache: few user agents send most requests, and each is compared with many patterns. */
const known = new Map<string, string | null>()

/** Describes a client without its version: "Chrome on Android", "bot: Slackbot"; or null. */
export function describeUserAgent(sent: string): string | null {
  const userAgent = readableAgent(sent)
  const found = known.get(userAgent)
  if (found !== undefined) return found
  if (known.size >= 500) known.clear()
  const agent = nameOf(userAgent)
  known.set(userAgent, agent)
  return agent
}

function nameOf(userAgent: string): string | null {
  const bot = findBot(userAgent)
  if (bot) return `bot: ${bot}`
  const tool = findTool(userAgent)
  if (tool) return tool
  const browser = firstMatch(BROWSERS, userAgent)
  const system = firstMatch(SYSTEMS, userAgent)
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system
}
