import { expect, test } from "../fixtures.ts"
import { click, downloadPath, leadsToStore, open } from "../network/send-click.ts"

const BOTS = [
  "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
  "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
  "WhatsApp/2.24.1 A",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]

test("pasting a link into a chat counts neither a view nor a download", async ({
  owner,
  stranger,
}) => {
  const share = await owner.share("survey.pdf", { maxDownloads: 1, direct: true })
  const bot = await stranger()

  for (const agent of BOTS) {
    const page = await open(bot, share, { "User-Agent": agent })
    expect(page.status()).toBe(200)
    const file = await bot.get(downloadPath(share), { headers: { "User-Agent": agent } })
    expect(leadsToStore(file)).toBe(false)
  }
  const { pathname } = new URL(share.url)
  expect((await bot.head(pathname)).status()).toBe(200)
  expect((await bot.head(downloadPath(share))).status()).toBe(200)

  const { views, botViews, downloads, status } = await owner.readShare(share.id)
  expect({ views, downloads, status }).toEqual({ views: 0, downloads: 0, status: "open" })
  expect(botViews).toBeGreaterThanOrEqual(BOTS.length)

  expect(leadsToStore(await click(await stranger(), share))).toBe(true)
})
