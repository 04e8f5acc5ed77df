import { describe, expect, it } from "vitest"
import { isBot, isUnfurler } from "./bots.ts"

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
const PIXEL =
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"

describe("a bot", () => {
  it.each([
    "curl/8.14.1",
    "Wget/1.25.0",
    "python-requests/2.32",
    "Go-http-client/2.0",
    "okhttp/5.1.0",
    "aria2/1.37.0",
    "Mozilla/5.0 (Windows NT 10.0; en-US) PowerShell/7.5.0",
  ])("that scripts a download may claim a direct link, and is not a view: %s", (userAgent) => {
    expect(isUnfurler(userAgent)).toBe(false)
    expect(isBot(userAgent)).toBe(true)
  })

  it.each([
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "TelegramBot (like TwitterBot)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Mozilla/5.0 (compatible; Bytespider; spider-feedback@bytedance.com)",
    "WhatsApp/2.24.1 A",
    "Mozilla/5.0 (compatible; SomeNewCrawler/1.0)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "curl/8 Slackbot",
  ])("that fetches links from posts and mails never claims: %s", (userAgent) => {
    expect(isUnfurler(userAgent)).toBe(true)
    expect(isBot(userAgent)).toBe(true)
  })

  it.each([CHROME, IPHONE, PIXEL, `${PIXEL} Snapchat/13.1`])("is not %s", (userAgent) => {
    expect(isUnfurler(userAgent)).toBe(false)
    expect(isBot(userAgent)).toBe(false)
  })
})
