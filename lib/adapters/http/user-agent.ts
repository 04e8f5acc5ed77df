import { BROWSERS, SYSTEMS } from "./agent-tables.ts"
import { findBot, findTool, firstMatch, readableAgent } from "./bots.ts"

/**
 * A cache, because a few user agents send most of the requests and each is compared with dozens of
 * patterns.
 */
const known = new Map<string, string | null>()

/**
 * Describes a client without its version: "Chrome on Android", "curl", "bot: Slackbot"; null if it
 * is unknown.
 */
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
