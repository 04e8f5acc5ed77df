import "server-only"
import { HeadObjectCommand } from "@aws-sdk/client-s3"
import { PROBE_PREFIX, withProbe } from "./capabilities.ts"
import { ask } from "./doctor/answers.ts"
import { presignProbe } from "./presign.ts"
import { inBucket, statusOf, storageClient } from "./storage-client.ts"

// Finds out the store's own time, because the Date of an answer may come from a proxy.

/** How a store treats an expired and a valid URL. */
type ClockVerdict = {
  /** Whether the store serves the valid URL and refuses the expired one. */
  agrees: boolean
  /** The store's reason for refusing the valid URL; null if it serves it or gives no reason. */
  says: "has expired" | "not yet valid" | null
}

/**
 * Requests an object by two URLs: one that is valid for `seconds` from `now` on, and one that
 * expired as long ago. The object need not exist, because stores check the signature first.
 */
export async function tryClock(now: Date, seconds: number): Promise<ClockVerdict> {
  const [valid, ended] = await Promise.all([
    get(now, seconds),
    get(new Date(Number(now) - 2 * seconds * 1000), seconds),
  ])
  const says = isServed(valid) ? null : reasonIn(valid.text)
  return { agrees: isServed(valid) && !isServed(ended), says }
}

/** Thrown if a store answers, but its time is neither in an error nor in the date of an object. */
export class UnknownStoreTime extends Error {}

/**
 * Returns the store's own time, rounded down to a second: the time it states when it refuses an
 * expired URL, otherwise the date of an object written now. Throws UnknownStoreTime if it has
 * neither.
 */
export async function ownStoreTime(now: Date): Promise<Date> {
  const { text } = await get(new Date(Number(now) - LONG_AGO_MS), 1)
  const named = Date.parse(/<ServerTime>([^<]+)<\/ServerTime>/.exec(text)?.[1] ?? "")
  if (!Number.isNaN(named)) return new Date(Math.floor(named / 1000) * 1000)
  const head = (key: string) => storageClient().s3.send(new HeadObjectCommand(inBucket(key)))
  const { LastModified } = await withProbe(PROBE_PREFIX, "clock", head).catch((cause) => {
    throw isAnswer(statusOf(cause))
      ? new UnknownStoreTime("No object can be written.", { cause })
      : cause
  })
  if (!LastModified)
    throw new UnknownStoreTime("The store does not say when an object was written.")
  return LastModified
}

/** Whether a status is the store's answer to the request, and not a temporary failure. */
const isAnswer = (status = 503) => status < 500 || status === 501

/** A URL that was signed this long ago has expired by any plausible clock. */
const LONG_AGO_MS = 24 * 3_600_000

const get = async (signedAt: Date, expiresInSeconds: number) =>
  ask(await presignProbe({ key: `${PROBE_PREFIX}clock`, signedAt, expiresInSeconds }))

const isServed = ({ status }: { status: number }) => status < 400 || status === 404

function reasonIn(text: string) {
  if (/expired/i.test(text)) return "has expired"
  return /not (yet valid|valid yet)|TooSkewed/i.test(text) ? "not yet valid" : null
}
