import { describe, expect, it } from "vitest"
import { describeUserAgent } from "./user-agent.ts"

const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"
const PIXEL =
  "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36"

describe("describeUserAgent", () => {
  it.each([
    [CHROME, "Chrome on Linux"],
    [IPHONE, "Safari on iPhone"],
    [PIXEL, "Chrome on Android"],
    [`${PIXEL} Snapchat/13.1`, "Chrome on Android"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:150.0) Gecko/20100101 Firefox/150.0",
      "Firefox on Windows",
    ],
    [`${CHROME} Edg/156.0.0.0`, "Edge on Linux"],
    ["curl/8.14.1", "curl"],
    ["Wget/1.25.0", "wget"],
    ["python-requests/2.32", "Python"],
    ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "bot: Slackbot"],
    ["WhatsApp/2.24.1 A", "bot: WhatsApp"],
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "bot: Googlebot"],
    ["", null],
  ])("calls %s %s", (userAgent, name) => {
    expect(describeUserAgent(userAgent)).toBe(name)
  })
})
