import "server-only"
import { createHmac, createSecretKey, type KeyObject, randomBytes } from "node:crypto"
import { statement } from "#lib/statement.ts"
import { describeUserAgent } from "./user-agent.ts"

/** What an event keeps of whoever caused it. */
export type VisitorSource = {
  /** Coarse: "Chrome on Android", "curl", "bot: Slackbot". */
  agent: string | null
  /** The host of the Referer. */
  referrer: string | null
  /** The same for the same visitor of the same link on the same UTC day, and nothing after. */
  visitor: Buffer
}

type Visitor = { userAgent: string; referrer: string; address: string; publicId: Uint8Array }

export async function visitorSourceOf(visitor: Visitor, now = new Date()): Promise<VisitorSource> {
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

function hostOf(referrer: string) {
  return URL.parse(referrer)?.hostname.slice(0, 255) || null
}

type Day = { day: string; key: Promise<KeyObject> }
const held = globalThis as typeof globalThis & { lapseVisitorKey?: Day }

/** The day's random key. A job throws it away after two days, so no one can tell later who it was. */
function visitorKey(now: Date): Promise<KeyObject> {
  const day = now.toISOString().slice(0, 10)
  if (held.lapseVisitorKey?.day === day) return held.lapseVisitorKey.key
  const key = fetchKey(day)
  held.lapseVisitorKey = { day, key }
  key.catch(() => {
    if (held.lapseVisitorKey?.key === key) delete held.lapseVisitorKey
  })
  return key
}

// An update in place of nothing, so that the key of an earlier insert is returned.
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
