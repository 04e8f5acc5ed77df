import "server-only"
import { HeadObjectCommand } from "@aws-sdk/client-s3"
import { PROBE_PREFIX, withProbe } from "./capabilities.ts"
import { ask } from "./doctor/answers.ts"
import { presignProbe } from "./presign.ts"
import { inBucket, statusOf, storageClient } from "./storage-client.ts"

// Reads the store's own clock, because the Date of an answer may be a proxy's.

/** How a store treats URLs of a minute ago and of now. */
type ClockVerdict = {
  /** Whether it serves the URL that is valid, and refuses the one that has ended. */
  agrees: boolean
  /** The reason it gives for refusing the valid URL; null if it serves it or gives none. */
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

/** Thrown if a store answers, but neither names its time nor stores an object that has it. */
export class UnknownStoreTime extends Error {}

/**
 * Returns the store's own time, rounded down to a second: the one that it names when it refuses a
 * URL that has ended, else that of an object that is written now. Throws UnknownStoreTime if it says
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

/** Whether a status is the store's answer to the request, and not a temporary fault. */
const isAnswer = (status = 503) => status < 500 || status === 501

/** A URL signed this long ago has expired by any clock that was ever set. */
const LONG_AGO_MS = 24 * 3_600_000

const get = async (signedAt: Date, expiresInSeconds: number) =>
  ask(await presignProbe({ key: `${PROBE_PREFIX}clock`, signedAt, expiresInSeconds }))

const isServed = ({ status }: { status: number }) => status < 400 || status === 404

function reasonIn(text: string) {
  if (/expired/i.test(text)) return "has expired"
  return /not (yet valid|valid yet)|TooSkewed/i.test(text) ? "not yet valid" : null
}
