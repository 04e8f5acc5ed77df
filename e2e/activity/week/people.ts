import { devices } from "@playwright/test"

/** Who visits a link. */
export type Person = {
  userAgent: string
  /** The name of the client in an event. */
  agent: string
  /** The name of the device in a receipt: "an iPhone"; null for a script, shown by its name. */
  device: string | null
  browser: string | null
  /** Whether it keeps no cookies. */
  forgets?: true
  isBot?: true
}

const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15"

/** All have the same address, so only the user agent distinguishes them. */
export const PEOPLE = {
  ann: {
    userAgent: devices["iPhone 15"].userAgent,
    agent: "Safari on iPhone",
    device: "an iPhone",
    browser: "Safari",
  },
  bob: {
    userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:151.0) Gecko/20100101 Firefox/151.0",
    agent: "Firefox on Windows",
    device: "a Windows PC",
    browser: "Firefox",
  },
  cem: {
    userAgent: devices["Pixel 7"].userAgent,
    agent: "Chrome on Android",
    device: "an Android device",
    browser: "Chrome",
  },
  dot: { userAgent: MAC, agent: "Safari on macOS", device: "a Mac", browser: "Safari" },
  script: { userAgent: "curl/8.14.1", agent: "curl", device: null, browser: null, forgets: true },
  slack: {
    userAgent: "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    agent: "bot: Slackbot",
    device: null,
    browser: null,
    forgets: true,
    isBot: true,
  },
} satisfies Record<string, Person>

export type Name = keyof typeof PEOPLE

/** An action of somebody on a link, as the week's diary records it. */
export type Act = {
  share: string
  who: Name
  kind:
    | "view"
    | "bot_view"
    | "claim"
    | "viewer"
    | "mint"
    | "preview"
    | "unlock"
    | "unlock_failed"
    | "refused"
  /** The names of the files of which it got links. */
  files: string[]
  /** Whether it asked for all files. */
  isAll: boolean
  /** Whether this visit has had the preview before. */
  again: boolean
  from: string | null
  /** The scripted day, from 1. */
  day: number
  /** When it really happened. */
  at: number
}
