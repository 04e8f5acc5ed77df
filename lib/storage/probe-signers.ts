import "server-only"
import { randomBytes } from "node:crypto"
import { PutObjectCommand } from "@aws-sdk/client-s3"
import { inBucket, storageClient } from "./client.ts"
import { presignOwnGet } from "./presign.ts"
import { colourObject } from "./tags.ts"
import { STORE_TIMEOUTS } from "./timeouts.ts"
import { deleteProbe } from "./versions.ts"

/** Below the prefix that signers may read. */
export const SIGNER_PROBE_PREFIX = "o/probe/"

/** The status of the answer to a GET of the first byte with the key of a colour, or the app's. */
export async function tryGet(url: string): Promise<number> {
  const answer = await fetch(url, {
    headers: { range: "bytes=0-0" },
    redirect: "manual",
    signal: AbortSignal.timeout(STORE_TIMEOUTS.probe),
  })
  await answer.body?.cancel()
  return answer.status
}

/**
 * Whether the store lets each signer read the objects of its colour and no others. Null: it does.
 * Else what was seen, as a sentence. Throws where the store does not answer.
 */
export async function probeSigners(now: () => Promise<Date>): Promise<string | null> {
  const { s3, signers } = storageClient()
  const colours = [...signers.keys()]
  const key = `${SIGNER_PROBE_PREFIX}${randomBytes(16).toString("hex")}`
  await s3.send(new PutObjectCommand({ ...inBucket(key), Body: new Uint8Array([0]) }))
  try {
    const statusFor = async (colour: string) =>
      tryGet(await presignOwnGet(key, colour, await now()))
    for (const colour of colours) {
      const status = await statusFor(colour)
      if (status < 400) return `The key of ${colour} reads an object without a tag (${status}).`
    }
    // A colour and back again: a store may keep what it knew of a tag.
    for (const colour of [...colours, ...colours.slice(0, 1)]) {
      const refusal = await probeColour(key, colour, statusFor, colours)
      if (refusal) return refusal
    }
    return null
  } finally {
    await deleteProbe(key).catch(() => {}) // then sweep-probes.ts removes it
  }
}

async function probeColour(
  key: string,
  colour: string,
  statusFor: (colour: string) => Promise<number>,
  colours: string[],
): Promise<string | null> {
  const written = await colourObject(key, colour)
  if (written !== "written") return "The store did not take a tag in time."
  const own = await statusFor(colour)
  if (own >= 400) return `The key of ${colour} does not read an object of its colour (${own}).`
  for (const other of colours) {
    if (other === colour) continue
    const status = await statusFor(other)
    if (status < 400)
      return `The key of ${other} reads an object of the colour ${colour} (${status}).`
  }
  return null
}
