import { describe, expect, it } from "vitest"
import { isBot, isUnfurler } from "./bots.ts"
import { describeUserAgent } from "./user-agent.ts"

const APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
const CHROMIUM = "AppleWebKit/537.36 (KHTML, like Gecko)"
const CHROME = `${CHROMIUM} Chrome/156.0.0.0`
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)"
const GALAXY =
  "Mozilla/5.0 (Linux; Android 16; SM-S931B Build/BP2A.250605.031; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/156.0.7500.52 Mobile Safari/537.36"

type Agents = [what: string, sent: string, name: string | null][]

/** Counted as a view; may claim on a direct link. */
const PEOPLE: Agents = [
  ["Chrome on Windows", `${WINDOWS} ${CHROME} Safari/537.36`, "Chrome on Windows"],
  ["Chrome on a Mac", `${MAC} ${CHROME} Safari/537.36`, "Chrome on macOS"],
  [
    "Chrome on Android",
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36`,
    "Chrome on Android",
  ],
  [
    "Chrome on an iPhone",
    `${IPHONE} ${APPLE} CriOS/156.0 Mobile/15E148 Safari/604.1`,
    "Chrome on iPhone",
  ],
  [
    "Chrome OS",
    `Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${CHROME} Safari/537.36`,
    "Chrome on ChromeOS",
  ],
  [
    "Firefox",
    `${WINDOWS.replace(")", "; rv:151.0)")} Gecko/20100101 Firefox/151.0`,
    "Firefox on Windows",
  ],
  [
    "Firefox on Linux",
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Firefox on Linux",
  ],
  [
    "Firefox on Android",
    "Mozilla/5.0 (Android 16; Mobile; rv:151.0) Gecko/151.0 Firefox/151.0",
    "Firefox on Android",
  ],
  [
    "Firefox on an iPhone",
    `${IPHONE} ${APPLE} FxiOS/151.0 Mobile/15E148 Safari/604.1`,
    "Firefox on iPhone",
  ],
  ["Safari on a Mac", `${MAC} ${APPLE} Version/26.0 Safari/605.1.15`, "Safari on macOS"],
  [
    "Safari on an iPhone",
    `${IPHONE} ${APPLE} Version/26.0 Mobile/15E148 Safari/604.1`,
    "Safari on iPhone",
  ],
  [
    "Safari on an iPad that asks for the phone's page",
    `Mozilla/5.0 (iPad; CPU OS 18_7 like Mac OS X) ${APPLE} Version/26.0 Mobile/15E148 Safari/604.1`,
    "Safari on iPad",
  ],
  ["Edge", `${WINDOWS} ${CHROME} Safari/537.36 Edg/156.0.0.0`, "Edge on Windows"],
  [
    "Edge on Android",
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROME} Mobile Safari/537.36 EdgA/156.0.0.0`,
    "Edge on Android",
  ],
  [
    "Samsung Internet",
    `Mozilla/5.0 (Linux; Android 10; K) ${CHROMIUM} SamsungBrowser/29.0 Chrome/136.0.0.0 Mobile Safari/537.36`,
    "Samsung Internet on Android",
  ],
  ["Opera", `${WINDOWS} ${CHROME} Safari/537.36 OPR/126.0.0.0`, "Opera on Windows"],
  ["Vivaldi", `${WINDOWS} ${CHROME} Safari/537.36 Vivaldi/7.6.3797.52`, "Vivaldi on Windows"],
  [
    "DuckDuckGo's browser",
    `${IPHONE} ${APPLE} Version/26.0 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15`,
    "Safari on iPhone",
  ],
  [
    "Yandex's browser",
    `${WINDOWS} ${CHROME} YaBrowser/26.8.0.0 Safari/537.36`,
    "Chrome on Windows",
  ],
  [
    "a phone of the maker Cubot",
    `Mozilla/5.0 (Linux; Android 13; CUBOT KINGKONG 9) ${CHROME} Mobile Safari/537.36`,
    "Chrome on Android",
  ],
  [
    "Facebook's own window",
    `${IPHONE} ${APPLE} Mobile/22H20 [FBAN/FBIOS;FBAV/540.0.0.40.69;FBBV/820;FBDV/iPhone17,1;FBMD/iPhone;FBSN/iOS;FBSV/18.7;FBSS/3;FBID/phone;FBLC/en_US;FBOP/5]`,
    "Safari on iPhone",
  ],
  [
    "Messenger's own window",
    `${GALAXY} [FB_IAB/Orca-Android;FBAV/530.0.0.41.108;]`,
    "Chrome on Android",
  ],
  [
    "Instagram's own window",
    `${IPHONE} ${APPLE} Mobile/22H20 Instagram 410.0.0.29.70 (iPhone17,1; iOS 18_7; en_US)`,
    "Safari on iPhone",
  ],
  [
    "LinkedIn's own window",
    `${IPHONE} ${APPLE} Mobile/15E148 [LinkedInApp]/9.31.4`,
    "Safari on iPhone",
  ],
  [
    "X's own window",
    `${IPHONE} ${APPLE} Mobile/15E148 Twitter for iPhone/11.30`,
    "Safari on iPhone",
  ],
  ["Snapchat's own window", `${GALAXY} Snapchat/13.60.0.48`, "Chrome on Android"],
  [
    "Pinterest's own window",
    `${IPHONE} ${APPLE} Mobile/15E148 [Pinterest/iOS]`,
    "Safari on iPhone",
  ],
  [
    "TikTok's own window",
    `${GALAXY} musical_ly_2024008020 BytedanceWebview/d8a21c6`,
    "Chrome on Android",
  ],
  [
    "WeChat's own window",
    `${IPHONE} ${APPLE} Mobile/15E148 MicroMessenger/8.0.60(0x18003c2f) NetType/WIFI Language/en`,
    "Safari on iPhone",
  ],
  ["LINE's own window", `${IPHONE} ${APPLE} Mobile/15E148 Safari Line/15.12.0`, "Safari on iPhone"],
  ["KakaoTalk's own window", `${GALAXY} KAKAOTALK/26.5.2 (INAPP)`, "Chrome on Android"],
  ["Viber's own window", `${GALAXY} Viber/26.1.0.1`, "Chrome on Android"],
  [
    "Telegram's own window",
    `${GALAXY} Telegram-Android/12.1.1 (Samsung SM-S931B; Android 16; SDK 36; HIGH)`,
    "Chrome on Android",
  ],
  [
    "Teams on a desk",
    `${WINDOWS} ${CHROMIUM} Teams/25290.205.4069.4894 Chrome/156.0.0.0 Edg/156.0.0.0 Safari/537.36`,
    "Edge on Windows",
  ],
  [
    "Slack on a desk",
    `${MAC} ${CHROMIUM} Slack/4.47.59 Chrome/156.0.0.0 Electron/41.1.0 Safari/537.36 Sonic Slack_SSB/4.47.59`,
    "Chrome on macOS",
  ],
  [
    "Google's app",
    `${IPHONE} ${APPLE} GSA/390.0.828 Mobile/15E148 Safari/604.1`,
    "Safari on iPhone",
  ],
]

/** Not counted as a view; may claim on a direct link. */
const SCRIPTS: Agents = [
  ["curl", "curl/8.14.1", "curl"],
  ["wget", "Wget/1.25.0 (linux-gnu)", "wget"],
  ["wget2", "wget2/2.2.0", "wget"],
  ["aria2", "aria2/1.37.0", "aria2"],
  ["HTTPie", "HTTPie/3.2.4", "HTTPie"],
  ["rclone", "rclone/v1.71.0", "rclone"],
  [
    "PowerShell",
    "Mozilla/5.0 (Windows NT 10.0; Microsoft Windows 10.0.26100; en-US) PowerShell/7.5.3",
    "PowerShell",
  ],
  [
    "Windows PowerShell",
    "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.26100",
    "PowerShell",
  ],
  ["Python's requests", "python-requests/2.32.5", "Python"],
  ["Python's httpx", "python-httpx/0.28.1", "Python"],
  ["Python's aiohttp", "Python/3.13 aiohttp/3.13.0", "Python"],
  ["Python's urllib", "Python-urllib/3.13", "Python"],
  ["Go", "Go-http-client/2.0", "Go"],
  ["OkHttp", "okhttp/5.1.0", "Java"],
  ["Java", "Java-http-client/21.0.8", "Java"],
  ["Apache HttpClient", "Apache-HttpClient/5.5 (Java/21.0.8)", "Java"],
  ["Node's fetch", "node", "JavaScript"],
  ["undici", "undici", "JavaScript"],
  ["node-fetch", "node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "JavaScript"],
  ["got", "got (https://github.com/sindresorhus/got)", "JavaScript"],
  ["axios", "axios/1.12.2", "JavaScript"],
  ["Deno", "Deno/2.5.4", "JavaScript"],
  ["Bun", "Bun/1.3.0", "JavaScript"],
  ["Ruby", "Ruby", "Ruby"],
  ["Guzzle", "GuzzleHttp/7", "PHP"],
  [
    "PHP-Curl-Class",
    "PHP-Curl-Class/4.13.0 (+https://github.com/php-curl-class/php-curl-class) PHP/7.4.11 curl/7.69.1",
    "curl",
  ],
  ["Rust's reqwest", "reqwest/0.12.23", "Rust"],
  ["Perl", "libwww-perl/6.79", "Perl"],
  ["Dart", "Dart/3.9 (dart:io)", "an HTTP library"],
  [
    "Android's own client",
    "Dalvik/2.1.0 (Linux; U; Android 16; Pixel 9 Build/BP2A)",
    "an HTTP library",
  ],
  [".NET", ".NET/9.0", "an HTTP library"],
  [
    "a phone's download manager",
    "AndroidDownloadManager/16 (Linux; U; Android 16; Pixel 9 Build/BP2A)",
    "Android",
  ],
  ["a download manager", "FDM 6.25", "a download program"],
  ["a player of videos", "Lavf/61.7.100", "a download program"],
]

/** Not counted as a view; never claims. */
const BOTS: Agents = [
  // Unfurlers
  ["Slack", "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "bot: Slackbot"],
  ["Slack's pictures", "Slack-ImgProxy (+https://api.slack.com/robots)", "bot: Slack-ImgProxy"],
  [
    "Teams and Skype",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "bot: SkypeUriPreview",
  ],
  [
    "Microsoft",
    "Mozilla/5.0 (compatible; MicrosoftPreview/2.0; +https://aka.ms/MicrosoftPreview)",
    "bot: MicrosoftPreview",
  ],
  ["WhatsApp", "WhatsApp/2.24.1 A", "bot: WhatsApp"],
  ["Signal", "WhatsApp/2", "bot: WhatsApp"],
  ["Telegram", "TelegramBot (like TwitterBot)", "bot: TelegramBot"],
  [
    "Discord",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "bot: Discordbot",
  ],
  [
    "iMessage",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "bot: facebookexternalhit",
  ],
  [
    "Facebook",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "bot: facebookexternalhit",
  ],
  [
    "Threads",
    "meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)",
    "bot: meta-externalagent",
  ],
  [
    "LinkedIn",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "bot: LinkedInBot",
  ],
  ["X", "Twitterbot/1.0", "bot: Twitterbot"],
  [
    "Bluesky",
    "Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)",
    "bot: Cardyb",
  ],
  ["Mastodon", "Mastodon/4.4.3 (http.rb/5.3.1; +https://mastodon.example/) Bot", "bot: Mastodon"],
  [
    "an older Mastodon",
    "http.rb/2.2.2 (Mastodon/1.5.1; +https://example-masto-instance.org/)",
    "bot: Mastodon",
  ],
  [
    "Pleroma",
    "Pleroma 2.9.1; https://pleroma.example <admin@pleroma.example>; Bot",
    "bot: Pleroma",
  ],
  ["Misskey", "SummalyBot/5.2.3", "bot: SummalyBot"],
  ["Lemmy", "Lemmy/0.19.8; +https://leminal.space", "bot: Lemmy"],
  ["Matrix", "Synapse (bot; +https://github.com/matrix-org/synapse)", "bot: Synapse"],
  ["Mattermost", "Mattermost-Bot/1.1", "bot: Mattermost-Bot"],
  [
    "Zulip",
    "Mozilla/5.0 (compatible; ZulipURLPreview/11.2; +https://zulip.example)",
    "bot: ZulipURLPreview",
  ],
  ["Nextcloud", "Mozilla/5.0 (Linux) Nextcloud Server Crawler", "bot: Nextcloud Server Crawler"],
  [
    "Reddit",
    "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)",
    "bot: redditbot",
  ],
  [
    "Pinterest",
    "Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)",
    "bot: Pinterestbot",
  ],
  [
    "Snapchat",
    "Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
    "bot: Snap URL Preview",
  ],
  ["LINE", "facebookexternalhit/1.1;line-poker/1.0", "bot: facebookexternalhit"],
  [
    "KakaoTalk",
    "facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984",
    "bot: facebookexternalhit",
  ],
  ["Viber", "Viber", "bot: Viber"],
  [
    "Google Chat",
    `${WINDOWS} AppleWebKit/537.36 (KHTML, like Gecko; Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)) Chrome/118.0.0.0 Safari/537.36`,
    "bot: Google-PageRenderer",
  ],
  ["Notion", "Notion/1.0 (https://notion.so; team@makenotion.com)", "bot: Notion"],
  [
    "Embedly",
    "Mozilla/5.0 (compatible; Embedly/0.2; snap; +http://support.embed.ly/)",
    "bot: Embedly",
  ],
  ["Iframely", "Iframely/1.3.1 (+https://iframely.com/docs/about)", "bot: Iframely"],
  [
    "a Python package for unfurling",
    "python-opengraph-jaywink/0.2.0 (+https://github.com/jaywink/python-opengraph)",
    "bot: python-opengraph-jaywink",
  ],
  // Mail gateways, mail programs, and the proxies of their pictures
  [
    "Word and Excel, before the browser",
    "Microsoft Office Existence Discovery",
    "bot: Microsoft Office",
  ],
  [
    "Word and Excel, asking what the server can",
    "Microsoft Office Protocol Discovery",
    "bot: Microsoft Office",
  ],
  ["Outlook", "Mozilla/4.0 (compatible; ms-office; MSOffice 16)", "bot: ms-office"],
  [
    "Outlook's pictures",
    "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; Microsoft Outlook 16.0.19029; ms-office; MSOffice 16)",
    "bot: ms-office",
  ],
  [
    "a Windows folder on the web",
    "Microsoft-WebDAV-MiniRedir/10.0.26100",
    "bot: Microsoft-WebDAV-MiniRedir",
  ],
  ["SafeLinks", "Microsoft Office SafeLinks Protection", "bot: SafeLinks"],
  ["Proofpoint", "Mozilla/5.0 (compatible; Proofpoint URL Defense)", "bot: Proofpoint"],
  ["Mimecast", "Mozilla/5.0 (compatible; Mimecast URL Protect)", "bot: Mimecast"],
  ["Barracuda", "Barracuda Sentinel (EE)", "bot: Barracuda"],
  [
    "Gmail's pictures",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "bot: GoogleImageProxy",
  ],
  [
    "Yahoo's pictures",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "bot: YahooMailProxy",
  ],
  ["Apple Mail's pictures", "Mozilla/5.0", "bot: unnamed"],
  // Scanners
  [
    "VirusTotal",
    "AppEngine-Google; (+http://code.google.com/appengine; appid: s~virustotalcloud)",
    "bot: VirusTotal",
  ],
  [
    "Google Safe Browsing",
    `${WINDOWS} ${CHROME} Safari/537.36 Google-Safety`,
    "bot: Google-Safety",
  ],
  ["urlscan.io", `${MAC} ${CHROME} Safari/537.36 urlscan.io`, "bot: urlscan"],
  [
    "Censys",
    "Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)",
    "bot: CensysInspect",
  ],
  [
    "Palo Alto",
    "Expanse, a Palo Alto Networks company, searches across the global IPv4 space multiple times per day to identify customers&#39; presences on the Internet.",
    "bot: Expanse",
  ],
  [
    "Palo Alto today",
    "Hello from Palo Alto Networks, find out more about our scans in https://docs-cortex.paloaltonetworks.com/r/1/Cortex-Xpanse/Scanning-activity",
    "bot: Palo Alto",
  ],
  ["zgrab", "Mozilla/5.0 zgrab/0.x", "bot: zgrab"],
  [
    "Netcraft",
    "Mozilla/5.0 (compatible; NetcraftSurveyAgent/1.0; +info@netcraft.com)",
    "bot: NetcraftSurveyAgent",
  ],
  ["BitSight", "Mozilla/5.0 (compatible; BitSightBot/1.0)", "bot: BitSightBot"],
  [
    "LeakIX",
    "lkxscan/v0.1.0 (+https://leakix.net) l9explore/v1.0.0 (+https://github.com/LeakIX/l9explore)",
    "bot: lkxscan",
  ],
  [
    "DirBuster",
    "DirBuster-1.0-RC1 (http://www.owasp.org/index.php/Category:OWASP_DirBuster_Project)",
    "bot: DirBuster-1.0-RC1",
  ],
  // Crawlers
  [
    "Google",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "bot: Googlebot",
  ],
  [
    "Bing",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/136.0.0.0 Safari/537.36",
    "bot: Bingbot",
  ],
  [
    "Apple",
    `${MAC} ${APPLE} Version/17.4 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)`,
    "bot: Applebot",
  ],
  [
    "OpenAI",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot",
    "bot: ChatGPT-User",
  ],
  [
    "Anthropic",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ClaudeBot/1.0; +claudebot@anthropic.com)",
    "bot: ClaudeBot",
  ],
  [
    "Perplexity",
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Perplexity-User/1.0; +https://perplexity.ai/perplexity-user)",
    "bot: Perplexity-User",
  ],
  [
    "ByteDance",
    "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
    "bot: Bytespider",
  ],
  [
    "Majestic, whose address ends in .php",
    "MJ12bot/v1.2.0 (http://majestic12.co.uk/bot.php?+)",
    "bot: MJ12bot",
  ],
  [
    "a crawler whose address ends in .net",
    "OutclicksBot/2 +https://www.outclicks.net/agent/VjzDygCuk4ubNmg40ZMbFqT0sIh7UfOKk8s8ZMiupUR",
    "bot: OutclicksBot",
  ],
  [
    "a crawler that names its Java",
    "yacybot (/global; amd64 Linux 5.2.8-Jinsol; java 12.0.2; Europe/en) http://yacy.net/bot.html",
    "bot: yacybot",
  ],
  [
    "a crawler that names its curl",
    "serpstatbot/1.0 (advanced backlink tracking bot; curl/7.58.0; http://serpstatbot.com/; abuse@serpstatbot.com)",
    "bot: serpstatbot",
  ],
  ["the W3C's link checker", "W3C-checklink/4.5 [4.160] libwww-perl/5.823", "bot: W3C-checklink"],
  [
    "a browser without a window",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
    "bot: HeadlessChrome",
  ],
  // Monitors
  [
    "UptimeRobot",
    "Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)",
    "bot: UptimeRobot",
  ],
  [
    "Pingdom",
    "Pingdom.com_bot_version_1.4_(http://www.pingdom.com/)",
    "bot: Pingdom.com_bot_version_1.4_",
  ],
  [
    "Pingdom's browser",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) browser/2020.2.5 Chrome/78.0.3904.130 Electron/7.3.15 Safari/537.36 PingdomTMS/2020.2",
    "bot: PingdomTMS",
  ],
  ["StatusCake", "StatusCake_Uptime_Checker/1.0", "bot: StatusCake"],
  ["StatusCake's browser", `${MAC} ${CHROME} Safari/537.36 StatusCake`, "bot: StatusCake"],
  ["Datadog", "Datadog/Synthetics", "bot: Datadog"],
  [
    "Datadog's browser",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.7204.168 Safari/537.36 DatadogSynthetics",
    "bot: Datadog",
  ],
  [
    "New Relic",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.4896.60 Safari/537.36 NewRelicSynthetics/1.0",
    "bot: NewRelic",
  ],
  [
    "Better Stack",
    "Better Uptime Bot Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/74.0.3729.169 Safari/537.36",
    "bot: Better Uptime Bot",
  ],
  ["Site24x7", "Site24x7", "bot: Site24x7"],
  [
    "Hetrix",
    "HetrixTools Uptime Monitoring Bot. https://hetrix.tools/uptime-monitoring-bot.html",
    "bot: HetrixTools",
  ],
  ["Uptime Kuma", "Uptime-Kuma/1.23.15", "bot: Uptime-Kuma"],
  [
    "Google Cloud",
    "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)",
    "bot: GoogleStackdriverMonitoring-UptimeChecks",
  ],
  [
    "Route 53",
    "Amazon-Route53-Health-Check-Service (ref 8c8f6f9f; report http://amzn.to/1vsZADi)",
    "bot: Route53",
  ],
  ["a load balancer", "ELB-HealthChecker/2.0", "bot: ELB-HealthChecker"],
  ["Kubernetes", "kube-probe/1.34", "bot: kube-probe"],
  ["Nagios", "check_http/v2.2.1 (nagios-plugins 2.2.1)", "bot: check_http"],
  ["Zabbix", "Zabbix", "bot: Zabbix"],
  ["Prometheus", "Blackbox Exporter/0.27.0", "bot: Blackbox"],
  [
    "GTmetrix",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/117.0.0.0 Safari/537.36 GTmetrix",
    "bot: GTmetrix",
  ],
  ["a mail scanner that sends no user agent", "", null],
]

const named = (agents: Agents) => agents.map(([what, sent, name]) => ({ what, sent, name }))

describe("the user agent of", () => {
  it.each(named(PEOPLE))("$what belongs to a person", ({ sent, name }) => {
    expect({ bot: isBot(sent), claims: !isUnfurler(sent), name: describeUserAgent(sent) }).toEqual({
      bot: false,
      claims: true,
      name,
    })
  })

  it.each(named(SCRIPTS))(
    "$what is not counted as a view and may claim a direct link",
    ({ sent, name }) => {
      expect({
        bot: isBot(sent),
        claims: !isUnfurler(sent),
        name: describeUserAgent(sent),
      }).toEqual({
        bot: true,
        claims: true,
        name,
      })
    },
  )

  it.each(named(BOTS))("$what is not counted as a view and never claims", ({ sent, name }) => {
    expect({ bot: isBot(sent), claims: !isUnfurler(sent), name: describeUserAgent(sent) }).toEqual({
      bot: true,
      claims: false,
      name,
    })
  })
})
