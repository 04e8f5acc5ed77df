import "server-only"
import { randomBytes } from "node:crypto"
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { PROBE_PREFIX } from "./capabilities.ts"
import { presignProbe } from "./presign.ts"
import { inBucket, storageClient } from "./storage-client.ts"
import { deleteProbe } from "./versions.ts"

// The store's clock as the store itself shows it. The Date of an answer may be that of a proxy.

/** How a store treats URLs of a minute ago and of now. */
export type ClockVerdict = {
  /** Whether it serves the URL that is valid, and refuses the one that has ended. */
  agrees: boolean
  /** What it says of the valid URL; null if it serves it or gives no reason. */
  says: "has expired" | "not yet valid" | null
}

/**
 * Asks for an object by two URLs: one that is valid for `seconds` from `now` on, and one that ended
 * as long ago. There need not be an object, because stores look at the signature first.
 */
export async function tryClock(now: Date, seconds: number): Promise<ClockVerdict> {
  const [valid, ended] = await Promise.all([
    get(now, seconds),
    get(new Date(Number(now) - 2 * seconds * 1000), seconds),
  ])
  const says = isServed(valid) ? null : reasonIn(valid.text)
  return { agrees: isServed(valid) && !isServed(ended), says }
}

/**
 * Returns the store's own time, rounded down to a second: the one that it names when it refuses a
 * URL that has ended, else that of an object that is written now. Throws if it says neither.
 */
export async function ownStoreTime(now: Date): Promise<Date> {
  const { text } = await get(new Date(Number(now) - LONG_AGO_MS), 1)
  const named = Date.parse(/<ServerTime>([^<]+)<\/ServerTime>/.exec(text)?.[1] ?? "")
  if (!Number.isNaN(named)) return new Date(Math.floor(named / 1000) * 1000)
  const { s3 } = storageClient()
  const key = `${PROBE_PREFIX}${randomBytes(16).toString("hex")}`
  try {
    await s3.send(new PutObjectCommand({ ...inBucket(key), Body: new Uint8Array([0]) }))
    const { LastModified } = await s3.send(new HeadObjectCommand(inBucket(key)))
    if (!LastModified) throw new Error("The store does not say when an object was written.")
    return LastModified
  } finally {
    deleteProbe(key).catch(() => {}) // if it fails, sweep-probes.ts removes it later
  }
}

/** Longer than any clock is wrong by that has not been set at all. */
const LONG_AGO_MS = 24 * 3_600_000

type Answer = { status: number; text: string }

async function get(signedAt: Date, expiresInSeconds: number): Promise<Answer> {
  const url = await presignProbe({ key: `${PROBE_PREFIX}clock`, signedAt, expiresInSeconds })
  const signal = AbortSignal.timeout(STORE_TIMEOUTS.probe)
  const answer = await fetch(url, { redirect: "manual", signal })
  return { status: answer.status, text: await answer.text() }
}

const isServed = ({ status }: Answer) => status < 400 || status === 404

function reasonIn(text: string) {
  if (/expired/i.test(text)) return "has expired"
  return /not (yet valid|valid yet)|TooSkewed/i.test(text) ? "not yet valid" : null
}
