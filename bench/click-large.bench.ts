import { loadavg } from "node:os"
import pg from "pg"
import { databaseUrl } from "#server/configuration/database-url.ts"
import { type App, startApp } from "./app.ts"
import { startLoad, stopChildren } from "./load/child-processes.ts"
import { clicksOn, type Link } from "./load/clicks.ts"
import { ratiosOf, report } from "./measures.ts"
import { runRounds } from "./rounds.ts"
import { dataOf, LARGE, SECRETS, SMALL } from "./seeds/large-data.ts"
import type { Scale } from "./seeds/seed-many.ts"

// Measures clicks of new visitors on 200 shares of an installation with 1,000,000 shares and
// 20,000,000 events, against one with 1,000 and 20,000. The two apps, each with its own database,
// alternate.
// npm run bench -- click-large [rounds] [seconds] [shares] [events]
const [ROUNDS = 7, SECONDS = 3, SHARES = LARGE.shares, EVENTS = LARGE.events] = process.argv
  .slice(2)
  .map(Number)
const BOUND_SECONDS = 240
const CONNECTIONS = 16
const SPREAD = 200

type Site = { app: App; remove(): void }

const sites: Site[] = []
try {
  const large = await open({ shares: SHARES, events: EVENTS })
  const small = await open(SMALL)
  Object.assign(process.env, {
    ...SECRETS,
    DATABASE_URL: "postgresql://unused",
    S3_BUCKET: "unused",
  })
  const load = startLoad()
  const contenders = {
    large: { site: large, requests: clicksOn(large.app.port, await linksOf(large)) },
    small: { site: small, requests: clicksOn(small.app.port, await linksOf(small)) },
  }
  const rates: Record<keyof typeof contenders, number[]> = { large: [], small: [] }
  const measure = async (name: keyof typeof contenders) => {
    const { site, requests } = contenders[name]
    const { statuses, perSecond, sample } = await load({
      port: site.app.port,
      connections: CONNECTIONS,
      requests,
      seconds: SECONDS,
    })
    const { "303": _clicks, ...others } = statuses
    if (Object.keys(others).length > 0) throw new Error(`${JSON.stringify(statuses)}\n${sample}`)
    return perSecond
  }
  const names = ["large", "small"] as const
  for (const name of names) await measure(name) // warms up
  await runRounds({ most: ROUNDS, seconds: BOUND_SECONDS }, async (round) => {
    for (const name of names) rates[name].push(await measure(name))
    const of = (name: keyof typeof rates) => `${rates[name].at(-1)?.toFixed(0)}/s`
    console.log(
      `round ${round}: large ${of("large")}; small ${of("small")}; load ${loadavg()[0]?.toFixed(1)}`,
    )
  })
  report([
    {
      measure: `click, ${SPREAD} of ${SHARES.toLocaleString("en")} shares, ${EVENTS.toLocaleString("en")} events`,
      against: `${SMALL.shares.toLocaleString("en")} shares`,
      figures: ratiosOf(rates.large, rates.small),
      goal: { least: 0.95 },
    },
  ])
} finally {
  await stopChildren()
  for (const { app, remove } of sites) {
    await app.stop()
    remove()
  }
}

async function open(scale: Scale): Promise<Site> {
  const { directory, remove } = await dataOf(scale)
  const site = { app: await startApp(SECRETS, directory), remove }
  sites.push(site)
  return site
}

/** Links of open shares without a limit, spread over the whole table. */
async function linksOf({ app }: Site): Promise<Link[]> {
  const { linkToken } = await import("#lib/adapters/secrets.ts")
  const client = new pg.Client({ connectionString: databaseUrl(`${app.directory}/postgres`) })
  await client.connect()
  try {
    const { rows } = await client.query<Omit<Link, "token"> & { publicId: Buffer }>(
      `WITH open AS (
         SELECT id, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS all FROM share
         WHERE revoked_at IS NULL AND starts_at IS NULL AND max_downloads IS NULL AND minted
           AND (expires_at IS NULL OR expires_at > now() + interval '1 day')
       )
       SELECT link.public_id AS "publicId", link.id AS "linkId", share_file.file_id AS "fileId", open.id AS "shareId"
       FROM open JOIN link ON link.share_id = open.id AND link.recipient IS NULL
         JOIN share_file ON share_file.share_id = open.id AND position = 0
       WHERE n % greatest(1, open.all / $1) = 0 LIMIT $1`,
      [SPREAD],
    )
    return rows.map(({ publicId, ...link }) => ({ ...link, token: linkToken(publicId) }))
  } finally {
    await client.end()
  }
}
