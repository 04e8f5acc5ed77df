import { findBotMatch, isbot } from "isbot"

// Those that fetch a link because somebody posted, received or indexed it. isbot misses some and knows
// others; named first here, they win over anything else in the same header.
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
  "Outlook-Safelinks",
  "SafeLinks",
  "ms-office",
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
  "zgrab",
  "masscan",
  "Nessus",
  "Nuclei",
  "GPTBot",
  "ChatGPT-User",
  "OAI-SearchBot",
  "ClaudeBot",
  "PerplexityBot",
  "CCBot",
  "Bytespider",
  "Amazonbot",
] as const

// These are people when a browser says them as well: the messenger's own window.
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

// isbot calls these bots too; they are how people script a download.
const TOOLS: [RegExp, string][] = [
  [/\bcurl\//i, "curl"],
  [/\bwget2?\//i, "wget"],
  [/\baria2\//i, "aria2"],
  [/\bhttpie\//i, "HTTPie"],
  [/\brclone\//i, "rclone"],
  [/\bpowershell\//i, "PowerShell"],
  [/\bpython[-\w]*\/|aiohttp|\bhttpx\b|urllib/i, "Python"],
  [/\bgo-http-client\//i, "Go"],
  [/\b(node|node-fetch|undici|axios|got|bun|deno)\b/i, "JavaScript"],
  [/\b(java|okhttp|apache-httpclient|jersey|ktor)/i, "Java"],
  [/libwww-perl|\bperl\b|lwp/i, "Perl"],
  [/\b(ruby|faraday|httparty)\b/i, "Ruby"],
  [/\b(guzzlehttp|php)\b/i, "PHP"],
  [/\b(reqwest|hyper|ureq)\b/i, "Rust"],
  [/\b(libcurl|\.net|dart|lua|dalvik)/i, "an HTTP library"],
]

const BROWSERS: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bFirefox\/|\bFxiOS\//, "Firefox"],
  [/\bChrome\/|\bCriOS\/|\bChromium\//, "Chrome"],
  [/\bSafari\/|\bAppleWebKit\//, "Safari"],
]

const SYSTEMS: [RegExp, string][] = [
  [/\biPhone\b|\biPod\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
]

/** A few strings make most of the requests, and telling them apart takes dozens of patterns. */
const known = new Map<string, string | null>()

/** "Chrome on Android", "curl", "bot: Slackbot"; null when it says nothing. Never a version. */
export function coarseAgent(userAgent: string): string | null {
  const found = known.get(userAgent)
  if (found !== undefined) return found
  if (known.size >= 500) known.clear()
  const agent = nameAgent(userAgent.slice(0, 500))
  known.set(userAgent.slice(0, 500), agent)
  return agent
}

function nameAgent(userAgent: string): string | null {
  const unfurler = findUnfurler(userAgent)
  if (unfurler) return `bot: ${unfurler}`
  const tool = findTool(userAgent)
  if (tool) return tool
  if (isbot(userAgent)) return `bot: ${botName(userAgent)}`
  const browser = nameIn(BROWSERS, userAgent)
  const system = nameIn(SYSTEMS, userAgent)
  if (browser && system) return `${browser} on ${system}`
  return browser ?? system
}

/** Whether a machine asks: it is never a view. */
export function isMachine(userAgent: string): boolean {
  const named = findUnfurler(userAgent) ?? findTool(userAgent)
  return userAgent === "" || named !== null || isbot(userAgent)
}

/** Whether it fetches links that others posted: it never claims, not even on a direct link. */
export function isUnfurler(userAgent: string): boolean {
  if (findUnfurler(userAgent) !== null) return true
  return isbot(userAgent) && findTool(userAgent) === null
}

function findUnfurler(userAgent: string) {
  const text = userAgent.toLowerCase()
  const named = (name: string) => text.includes(name.toLowerCase())
  return UNFURLERS.find(named) ?? (isBrowser(text) ? null : (MESSENGERS.find(named) ?? null))
}

const isBrowser = (userAgent: string) => userAgent.toLowerCase().startsWith("mozilla/")

// A browser names no tool: everything that says Mozilla is a browser or a bot.
const findTool = (userAgent: string) =>
  isBrowser(userAgent) && !/PowerShell/.test(userAgent) ? null : nameIn(TOOLS, userAgent)

const nameIn = (list: [RegExp, string][], userAgent: string) =>
  list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null

function botName(userAgent: string) {
  const named = /([A-Za-z][\w.-]*(?:bot|crawler|spider|preview|scanner|monitor)[\w-]*)/i.exec(
    userAgent,
  )
  const name = named?.[1] ?? findBotMatch(userAgent) ?? "unnamed"
  return name.replace(/[^\w .-]/g, "").slice(0, 40) || "unnamed"
}
