import "server-only"
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { statement } from "#lib/adapters/database/statement.ts"
import { knownDatabaseTime } from "#lib/adapters/database/time.ts"
import { describeUserAgent } from "#lib/adapters/http/user-agent.ts"
import { processWide } from "#lib/adapters/process-wide.ts"

/** The data that an event stores about the visitor who caused it. */
export type VisitorSource = {
  /** The client in a few words: "Chrome on Android", "curl", "bot: Slackbot". */
  agent: string | null
  /** The host of the Referer header; null if it is this app's own. */
  referrer: string | null
  /** Equal for the same visitor of the same link on the same UTC day; different on other days. */
  visitor: Buffer
}

type Visitor = { userAgent: string; referrer: string; address: string; publicId: Uint8Array }

export async function visitorSourceOf(
  visitor: Visitor,
  now = knownDatabaseTime(),
): Promise<VisitorSource> {
  const { userAgent, address, publicId } = visitor
  const hash = createHmac("sha256", await visitorKey(now))
    .update(publicId)
    .update(`${address}\n${userAgent}`)
    .digest()
  return {
    agent: describeUserAgent(userAgent),
    referrer: hostOf(visitor.referrer),
    visitor: hash.subarray(0, 16),
  }
}

/** The name of this app's host, which does not count as a referrer. */
export const ownHost = () => new URL(configuration.APP_URL).hostname

function hostOf(referrer: string) {
  const host = URL.parse(referrer)?.hostname.slice(0, 255) || null
  return host === ownHost() ? null : host
}

type Day = { day: string; key: Promise<KeyObject> }
const held = () => processWide("visitor key", (): { today?: Day } => ({}))

/** Returns the day's random key, deleted after two days, when hashes identify no one any longer. */
function visitorKey(now: Date): Promise<KeyObject> {
  const day = now.toISOString().slice(0, 10)
  const { today } = held()
  if (today?.day === day) return today.key
  const key = fetchKey(day)
  held().today = { day, key }
  key.catch(() => {
    if (held().today?.key === key) delete held().today
  })
  return key
}

// DO UPDATE, because DO NOTHING would not return a key that was inserted before.
const insertKey = statement(
  "visitor_key",
  { day: "date", key: "bytea" },
  `INSERT INTO visitor_key (day, key) VALUES (:day, :key)
   ON CONFLICT (day) DO UPDATE SET day = excluded.day RETURNING key`,
)

async function fetchKey(day: string) {
  const [row] = await insertKey<{ key: Buffer }>({ day, key: randomBytes(32) })
  if (!row) throw new Error("no visitor key came back")
  return createSecretKey(row.key)
}
