import "server-only"
import { STORE_TIMEOUTS } from "./calls/store-timeouts.ts"
import { withProbe } from "./capabilities.ts"
import { presignOwnGet } from "./presign.ts"
import { storageClient } from "./storage-client.ts"
import { colourObject } from "./tags.ts"

/** The prefix of the probe's objects, which signers may read. */
export const SIGNER_PROBE_PREFIX = "o/probe/"

/** Returns the status of a GET of the first byte of a URL. */
export async function tryGet(url: string): Promise<number> {
  const answer = await fetch(url, {
    headers: { range: "bytes=0-0" },
    redirect: "manual",
    signal: AbortSignal.timeout(STORE_TIMEOUTS.probe),
  })
  await answer.body?.cancel()
  return answer.status
}

/** A fault in a store's handling of signers. The words are in messages/en/checks.json. */
export type SignersRefused =
  | { code: "reads_untagged" | "reads_not_own"; values: { colour: string; status: number } }
  | { code: "reads_other"; values: { colour: string; other: string; status: number } }
  | { code: "takes_no_tag" }

/**
 * Checks that the store lets each signer read the objects of its colour and no others. Returns null
 * if so, otherwise the fault. Throws if the store does not answer.
 */
export function probeSigners(now: () => Promise<Date>): Promise<SignersRefused | null> {
  const colours = [...storageClient().signers.keys()]
  return withProbe(SIGNER_PROBE_PREFIX, "signers", async (key) => {
    const statusFor = async (colour: string) =>
      tryGet(await presignOwnGet(key, colour, await now()))
    for (const colour of colours) {
      const status = await statusFor(colour)
      if (status < 400) return { code: "reads_untagged", values: { colour, status } }
    }
    // Ends with the first colour again, because a store may cache a tag.
    for (const colour of [...colours, ...colours.slice(0, 1)]) {
      const refused = await probeColour(key, colour, statusFor, colours)
      if (refused) return refused
    }
    return null
  })
}

async function probeColour(
  key: string,
  colour: string,
  statusFor: (colour: string) => Promise<number>,
  colours: string[],
): Promise<SignersRefused | null> {
  const written = await colourObject(key, colour)
  if (written !== "written") return { code: "takes_no_tag" }
  const own = await statusFor(colour)
  if (own >= 400) return { code: "reads_not_own", values: { colour, status: own } }
  for (const other of colours) {
    if (other === colour) continue
    const status = await statusFor(other)
    if (status < 400) return { code: "reads_other", values: { colour, other, status } }
  }
  return null
}
