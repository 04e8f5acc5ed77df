import { db } from "#lib/adapters/database.ts"
import { readLinkToken } from "#lib/adapters/secrets.ts"
import { claim } from "#lib/rooms/claims/claim/claim.ts"
import { preview } from "#lib/rooms/claims/look/preview.ts"
import { openLink } from "#lib/rooms/claims/open/open-link.ts"
import { newVisitId } from "#lib/rooms/claims/visitor/visitor-cookies.ts"
import { visitorSourceOf } from "#lib/rooms/claims/visitor/visitor-source.ts"
import { ask } from "#lib/rooms/questions/ask.ts"
import type { ShareView } from "#lib/rooms/shares/share.ts"

export type SampleVisit = {
  hours: number
  /** An index of BROWSERS, or a bot. */
  browser: number | "bot"
  from?: string
  /** Indexes of the downloaded files within the share. */
  takes?: number[] | "all"
  looksAt?: number[]
}

const BROWSERS = [
  "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile Safari/604.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15",
  "Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0",
]
const BOT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"

const NOTHING = { visitId: null, ticket: null, unlock: null }

let addresses = 0

/** Makes a visit to a share and dates its events back by `hours`. */
export async function visit(share: ShareView, { hours, browser, from = "", ...does }: SampleVisit) {
  const address = `192.0.2.${++addresses % 250}`
  const publicId = publicIdOf(share)
  const at = new Date(Date.now() - hours * 3_600_000)
  const userAgent = browser === "bot" ? BOT : (BROWSERS[browser % BROWSERS.length] ?? "")
  // Visitors of the same day differ by their address.
  const source = await visitorSourceOf({ userAgent, referrer: from, address, publicId }, at)
  const cookies = { ...NOTHING, visitId: newVisitId() }
  await openLink({ publicId, cookies, source, kind: browser === "bot" ? "bot_view" : "view" })
  const { takes, looksAt = [] } = does
  const idsOf = (places: number[]) => places.flatMap((place) => share.files[place]?.id ?? [])
  for (const fileId of idsOf(looksAt)) await preview({ publicId, fileId, cookies, source, address })
  if (takes) {
    const fileIds = takes === "all" ? null : idsOf(takes)
    await claim({ publicId, fileIds, cookies, directOnly: false, source })
  }
  await db.$executeRaw`
    UPDATE event SET at = at - make_interval(hours => ${hours}::int)
    WHERE share_id = ${share.id}::uuid AND visitor = ${source.visitor}`
}

export async function askFor(share: ShareView, note: string) {
  const publicId = publicIdOf(share)
  const address = `192.0.2.${++addresses % 250}`
  const from = { userAgent: BROWSERS[0] ?? "", referrer: "", address, publicId }
  await ask({ publicId, cookies: NOTHING, note, address, source: await visitorSourceOf(from) })
}

function publicIdOf({ url }: ShareView) {
  const publicId = readLinkToken(url?.split("/").at(-1) ?? "")
  if (!publicId) throw new Error("the share has no link")
  return publicId
}
