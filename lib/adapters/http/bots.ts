import { findBotMatch, isbot } from "isbot"

// Bots that fetch a link that was posted, received, indexed or watched. isbot misses some of them
// and names others differently, so these are matched first.
const UNFURLERS = [
  "Slackbot",
  "Slack-ImgProxy",
  "Discordbot",
  "TelegramBot",
  "facebookexternalhit",
  "Facebot",
  "meta-externalagent",
  "meta-externalfetcher",
  "Twitterbot",
  "LinkedInBot",
  "SkypeUriPreview",
  "MicrosoftPreview",
  "BingPreview",
  "Google-PageRenderer",
  "GoogleImageProxy",
  "Googlebot",
  "Google-Safety",
  "YahooMailProxy",
  "AdsBot-Google",
  "Applebot",
  "Bingbot",
  "DuckDuckBot",
  "YandexBot",
  "Baiduspider",
  "Pinterestbot",
  "redditbot",
  "Cardyb",
  "Embedly",
  "Iframely",
  "vkShare",
  "Line-Poker",
  "kakaotalk-scrap",
  "Zoombot",
  "Mattermost-Bot",
  "Rocket.Chat",
  "Nextcloud Server Crawler",
  "Snap URL Preview",
  "Outlook-Safelinks",
  "SafeLinks",
  "ms-office",
  "Microsoft Office",
  "Barracuda",
  "Proofpoint",
  "Mimecast",
  "FireEye",
  "Trend Micro",
  "Sophos",
  "VirusTotal",
  "urlscan",
  "CensysInspect",
  "Expanse",
  "Palo Alto",
  "zgrab",
  "masscan",
  "Nessus",
  "Nuclei",
  "GPTBot",
  "ChatGPT-User",
  "OAI-SearchBot",
  "ClaudeBot",
  "PerplexityBot",
  "Perplexity-User",
  "CCBot",
  "Bytespider",
  "Amazonbot",
  "HeadlessChrome",
  "PingdomTMS",
  "StatusCake",
  "Datadog",
  "NewRelic",
  "Better Uptime Bot",
  "HetrixTools",
  "Uptime-Kuma",
  "Route53",
  "GTmetrix",
  "Miniature.io",
] as const

// In-app browsers of messengers: a person uses them, so they are not bots.
const MESSENGERS = [
  "WhatsApp",
  "Viber",
  "Snapchat",
  "Bluesky",
  "Mastodon",
  "Pleroma",
  "Misskey",
  "Synapse",
] as const

type AgentTable = readonly (readonly [RegExp, string])[]

// Programs that people use in scripts to download. isbot counts them as bots too. No pattern here
// or in user-agent.ts has an unbounded repetition, so that a match takes linear time.
export const TOOLS: AgentTable = [
  [/\bcurl\//i, "curl"],
  [/\bwget2?\//i, "wget"],
  [/\baria2\//i, "aria2"],
  [/\bhttpie\//i, "HTTPie"],
  [/\brclone\//i, "rclone"],
  [/\b(windows)?powershell\//i, "PowerShell"],
  [/\bpython[-\w]{0,20}\/|aiohttp|\bhttpx\b|urllib/i, "Python"],
  [/\bgo-http-client\//i, "Go"],
  [/\b(node|node-fetch|undici|axios|got|bun|deno)\b/i, "JavaScript"],
  [/\b(java|okhttp|apache-httpclient|jersey|ktor)/i, "Java"],
  [/libwww-perl|\bperl\b|lwp/i, "Perl"],
  [/\b(ruby|faraday|httparty)\b/i, "Ruby"],
  [/\b(guzzlehttp|php)\b/i, "PHP"],
  [/\b(reqwest|hyper|ureq)\b/i, "Rust"],
  [/\b(libcurl|dart|lua|dalvik)/i, "an HTTP library"],
  [/(^|[ (])\.net\b/i, "an HTTP library"],
  [/^AndroidDownloadManager\//i, "Android"],
  [/\b(axel|lftp|xh|postmanruntime|insomnia|lavf|urlgrabber)\//i, "a download program"],
  [/^(fdm |jdownloader|microsoft bits\/)/i, "a download program"],
]

// Matches crawlers. Many name the library they use, but all of them say that they are crawlers.
const CRAWLER =
  /bot\b|crawl|spider|scan|monitor|check|uptime|preview|opengraph|proxy|rss|feed|validator/i
// Addresses of bots' websites, removed because ".net" or ".php" in them looks like a program.
const ADDRESS = /https?:\/\/[^\s)]*/gi

/** Whether the client is a bot or a script, which never counts as a view. */
export function isBot(sent: string): boolean {
  const userAgent = readableAgent(sent)
  const named = findUnfurler(userAgent) ?? findTool(userAgent)
  return userAgent === "" || named !== null || isbot(userAgent)
}

/**
 * Whether the client is a bot that fetches links from posts, mails and indexes. It never claims,
 * not even on a direct link. Mail scanners often send no user agent, but browsers and programs do.
 */
export const isUnfurler = (userAgent: string) => userAgent === "" || findBot(userAgent) !== null

function findUnfurler(userAgent: string) {
  const text = readableAgent(userAgent).toLowerCase()
  const named = (name: string) => text.includes(name.toLowerCase())
  return UNFURLERS.find(named) ?? (isBrowser(text) ? null : (MESSENGERS.find(named) ?? null))
}

const isBrowser = (userAgent: string) => userAgent.toLowerCase().startsWith("mozilla/")

/**
 * Returns the name of a script's program, or null. A client that calls itself Mozilla is a browser
 * or a bot, except PowerShell. One that calls itself a crawler is one, whatever its library.
 */
export function findTool(sent: string): string | null {
  const userAgent = readableAgent(sent)
  if (isBrowser(userAgent) && !userAgent.includes("PowerShell")) return null
  const program = userAgent.replace(ADDRESS, "")
  return CRAWLER.test(program) ? null : firstMatch(TOOLS, program)
}

/** Returns the name of the first pattern that matches, or null. */
export function firstMatch(table: AgentTable, sent: string): string | null {
  const userAgent = readableAgent(sent)
  return table.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null
}

/** Returns the name of a bot, or null for any other client. */
export function findBot(sent: string): string | null {
  const userAgent = readableAgent(sent)
  const unfurler = findUnfurler(userAgent)
  if (unfurler) return unfurler
  return isbot(userAgent) && findTool(userAgent) === null ? nameOf(userAgent) : null
}

const NO_NAMES = new Set(["Mozilla", "compatible"])
const BOT_WORD = /^[a-z].*(bot|crawler|spider|preview|scanner|monitor)/i

function nameOf(userAgent: string) {
  const words = userAgent.replace(ADDRESS, "").split(/[^\w.-]/)
  const found = findBotMatch(userAgent)?.toLowerCase()
  const named =
    words.find((word) => BOT_WORD.test(word)) ??
    words.find((word) => found && word.toLowerCase().includes(found)) ??
    words.find((word) => /^[a-z]/i.test(word) && !NO_NAMES.has(word))
  return named?.slice(0, 40) || "unnamed"
}

/** Shortens a user agent, because strangers choose its length. */
export const readableAgent = (userAgent: string) => userAgent.slice(0, 500)
