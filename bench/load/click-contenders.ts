import { requestText, USER_AGENT } from "../browser/browser-request.ts"
import {
  claimsOfAll,
  clicksOn,
  directClicksOn,
  type Link,
  mintsOn,
  unlockedClicksOn,
} from "./clicks.ts"

const SHARES = 200
const SHARES_OF_ONE_FILE = 1000
const FIRST_MINTS = 2000
const TICKETS = 20_000
/** A limit of claims that no round reaches. */
const MANY = 1_000_000

export type Contender = {
  name: string
  what: string
  requests: string[]
  /** The status of every correct answer. */
  status: string
  /** Whether an answer is a claim, which must be counted. */
  claims: boolean
  /** The measure to divide its rate by, and the goal of the ratio. */
  against: string
  goal?: number
  /** Whether the bare handler answers, not the app. */
  bare?: true
  /** Runs before each round, because each request can be sent only once. */
  reset?: () => Promise<unknown>
}

/** Clicks on the first share of a new installation, so that the database plans for few rows. */
export async function firstClick(port: number) {
  const { pool } = await import("#lib/adapters/database.ts")
  for (const table of ["link", "share", "share_file", "file", "object"]) {
    await pool().query(`ALTER TABLE ${table} SET (autovacuum_enabled = false)`)
  }
  const [link] = await seedLinks(1, { minted: true })
  const [limited] = await seedLinks(1, { maxDownloads: MANY })
  return clicksOn(
    port,
    [link, limited].flatMap((each) => each ?? []),
  )
}

/**
 * Prepares every kind of click, each on separate shares. The tables are as in a new installation.
 */
export async function contendersOf(port: number): Promise<Contender[]> {
  const minted = { minted: true }
  const plain = await seedLinks(SHARES, minted)
  const hot = await seedLinks(1, minted)
  const [like = noLink()] = hot
  const ofOneFile = await seedLinks(SHARES_OF_ONE_FILE, { ...minted, like })
  const limited = await seedLinks(SHARES, { maxDownloads: MANY })
  const hotLimited = await seedLinks(1, { maxDownloads: MANY })
  const locked = await seedLinks(SHARES, { ...minted, passwordHash: "x" })
  const recipients = await seedLinks(SHARES, { ...minted, recipient: { name: "Maria" } })
  const ownLimit = { name: "Maria", maxDownloads: MANY }
  const limitedRecipients = await seedLinks(SHARES, { ...minted, recipient: ownLimit })
  const fresh = await seedLinks(FIRST_MINTS, { like })
  const direct = await seedLinks(SHARES, { ...minted, direct: true })
  const before = new Date(Date.now() - 3_600_000)
  const refused = {
    expired: await seedLinks(SHARES, { ...minted, expiresAt: before }),
    revoked: await seedLinks(SHARES, { ...minted, revokedAt: before }),
    "used up": await seedLinks(SHARES, { ...minted, maxDownloads: 1, downloads: 1 }),
    unknown: await unknownLinks(plain),
  }
  const large = await seedLinks(20, { ...minted, files: Array.from({ length: 100 }, fileName) })

  const clicks = clicksOn(port, plain)
  const empty = { status: "401", claims: false }
  const mint = { status: "302", claims: false }
  return [
    contender("empty", "empty route of Next", [emptyRequest(port)], undefined, empty),
    contender("bare", "bare node:http handler", clicks, undefined, { bare: true }),
    contender("spread", `click, ${SHARES} shares`, clicks, 1.3, { against: "bare" }),
    contender("hot", "one hot share", clicksOn(port, hot), 0.95),
    contender(
      "shared",
      `one file in ${SHARES_OF_ONE_FILE} shares`,
      clicksOn(port, ofOneFile),
      0.95,
    ),
    contender("limited", `limit, ${SHARES} shares`, clicksOn(port, limited), 0.6),
    contender("hot limited", "limit, one hot share", clicksOn(port, hotLimited), 0.6),
    contender("recipient", "a recipient's link", clicksOn(port, recipients), 0.9),
    contender("own limit", "a recipient's own limit", clicksOn(port, limitedRecipients), 0.9, {
      against: "limited",
    }),
    contender("locked", "proof of a password", await unlockedClicksOn(port, locked), 0.6),
    contender("first", "first mint of a share", clicksOn(port, fresh), 0.6, {
      reset: () => unmint(fresh),
    }),
    contender("direct", "GET of a direct link", directClicksOn(port, direct), 0.6, {
      status: "302",
    }),
    contender("ticket", "mint by ticket", await mintsOn(port, plain, TICKETS), 0.6, mint),
    ...Object.entries(refused).map(([why, links]) =>
      contender(why, `refused: ${why}`, clicksOn(port, links), 0.6, {
        status: why === "unknown" ? "404" : "303",
        claims: false,
      }),
    ),
    contender("many", "claim of 100 files", claimsOfAll(port, large), undefined, { status: "200" }),
  ]
}

const contender = (
  name: string,
  what: string,
  requests: string[],
  goal: number | undefined,
  more: Partial<Contender> = {},
): Contender => ({
  name,
  what,
  requests,
  ...(goal === undefined ? {} : { goal }),
  status: "303",
  claims: true,
  against: "spread",
  ...more,
})

const fileName = (_: unknown, n: number) => `${n}.pdf`

function noLink(): never {
  throw new Error("nothing was seeded")
}

type Conditions = Parameters<typeof import("#testing/builders/a-link.ts")["aLink"]>[0]

export async function seedLinks(count: number, conditions: Conditions) {
  const { aLink } = await import("#testing/builders/a-link.ts")
  const links: Awaited<ReturnType<typeof aLink>>[] = []
  for (let n = 0; n < count; n++) links.push(await aLink(conditions))
  return links
}

/** These links with other tokens, which are valid and belong to no share. */
async function unknownLinks(links: Link[]): Promise<Link[]> {
  const { linkToken, newPublicId } = await import("#lib/adapters/secrets.ts")
  return links.map((link) => ({ ...link, token: linkToken(newPublicId()) }))
}

async function unmint(links: Link[]) {
  const { db } = await import("#lib/adapters/database.ts")
  const id = { in: links.map(({ shareId }) => shareId) }
  await db.share.updateMany({ where: { id }, data: { minted: false } })
}

// Without a session the call is refused before any query: this measures only routing.
function emptyRequest(port: number) {
  const headers = { Host: `localhost:${port}`, "User-Agent": USER_AGENT, Accept: "*/*" }
  return requestText("GET /api/v1/me", headers)
}

/** The number of claims that all shares have counted. */
export async function countedClaims() {
  const { db, disconnect } = await import("#lib/adapters/database.ts")
  const shards = await db.shareCounter.aggregate({ _sum: { downloads: true } })
  const shares = await db.share.aggregate({ _sum: { downloads: true } })
  await disconnect()
  return Number(shards._sum.downloads ?? 0) + (shares._sum.downloads ?? 0)
}
