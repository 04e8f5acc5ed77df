import "server-only"
import { createHash, randomInt } from "node:crypto"
import { configuration } from "#lib/adapters/configuration.ts"
import { databaseTime } from "#lib/adapters/database/time.ts"
import { db } from "#lib/adapters/database.ts"
import { SetupError } from "#lib/adapters/errors.ts"
import { log, messageOf } from "#lib/adapters/monitoring/log.ts"
import { processWide } from "#lib/adapters/process-wide.ts"
import { probeSigners, type SignersRefused } from "#lib/adapters/storage.ts"

type SignersFound = {
  /** Identifies the store and the signers. If they change, a new probe is needed. */
  store: string
  /** The reason why cut offs copy; null if they recolour. */
  refused: SignersRefused | null
  /** ISO 8601 UTC. */
  at: string
}

type Usable = { colours: Promise<readonly string[]> | null }

const usable = () => processWide("usable colours", (): Usable => ({ colours: null }))

/** A store that did not answer is probed again after this time. */
const PROBE_AGAIN_MS = 60_000

/**
 * Returns the colours that the store is known to keep apart, in the order of S3_SIGNERS. None
 * without signers, or if the store failed the probe or did not answer. Each process probes once.
 */
export function usableColours(): Promise<readonly string[]> {
  const held = usable()
  held.colours ??= find().catch(noneForNow)
  return held.colours
}

function noneForNow(error: unknown): readonly string[] {
  const because = messageOf(error)
  log.warn(
    { because },
    "the signers cannot be probed now; a cut off copies files until they can be",
  )
  const held = usable()
  const found = held.colours
  const forget = () => {
    if (held.colours === found) held.colours = null
  }
  setTimeout(forget, PROBE_AGAIN_MS).unref()
  return []
}

/** Probes again, for the checks. */
export function probeColoursAgain(): Promise<readonly string[]> {
  usable().colours = null
  return usableColours()
}

/** Returns a random colour, so that objects are spread over the colours; null if there is none. */
export async function anyColour(): Promise<string | null> {
  const colours = await usableColours()
  return colours[randomInt(Math.max(1, colours.length))] ?? null
}

async function find(): Promise<readonly string[]> {
  const colours = (configuration.S3_SIGNERS ?? []).map(({ colour }) => colour)
  if (colours.length === 0) return []
  const { refused } = await probe()
  if (refused)
    log.warn({ refused }, "the store does not keep signers apart: a cut off copies files")
  return refused ? [] : colours
}

/** Probes the store. If it does not answer, the earlier result is used. */
async function probe(): Promise<SignersFound> {
  try {
    const refused = await probeSigners(databaseTime)
    const found = { store: storeId(), refused, at: (await databaseTime()).toISOString() }
    await db.installation.updateMany({ data: { signersFound: found } })
    return found
  } catch (error) {
    const known = await findSignersFound()
    if (!known || known.store !== storeId()) throw error
    const because = messageOf(error)
    log.warn({ because }, "the signers cannot be probed now; the earlier result is used")
    return known
  }
}

/** Returns the result of the last probe, which may be of a store that was configured before. */
export async function findSignersFound(): Promise<SignersFound | null> {
  const [row] = await db.installation.findMany({ select: { signersFound: true } })
  return (row?.signersFound ?? null) as SignersFound | null // written only above
}

function storeId() {
  const { S3_ENDPOINT = "", S3_BUCKET, S3_SIGNERS = [] } = configuration
  const keys = S3_SIGNERS.map(({ colour, accessKeyId }) => `${colour}:${accessKeyId}`)
  return createHash("sha256")
    .update([S3_ENDPOINT, S3_BUCKET, ...keys].join("\n"))
    .digest("hex")
}

/** Throws a SetupError if objects have a colour without a key: their links would not open. */
export async function requireColoursOfObjects(): Promise<void> {
  const colours = (configuration.S3_SIGNERS ?? []).map(({ colour }) => colour)
  const missing = await db.object.findFirst({
    where: { state: "live", colour: { not: null, notIn: colours } },
    select: { colour: true },
  })
  if (!missing) return
  throw new SetupError(
    `S3_SIGNERS has no key for the colour ${missing.colour}, which files in the bucket carry: add it again. To go on without signers, run \`lapse colours off\` first.`,
  )
}
