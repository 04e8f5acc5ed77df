import "client-only"
import type { Hasher } from "./hasher.ts"
import type { PartsMeasure } from "./parts-measure.ts"
import type { Answer, PartAddress, UploadTransport } from "./upload-transport.ts"

const BATCH = 8
/** An address works for fifteen minutes; one that lay about longer than this is not used. After a sleep none is. */
export const FRESH_MS = 5 * 60_000

type Signed = { at: number; addresses: Map<number, PartAddress> }

type Wishes = {
  fileId: string
  measure: PartsMeasure
  transport: UploadTransport
  hasher: Hasher
  /** Part numbers that will be asked for next, as far as anybody knows. */
  upcoming: (count: number) => number[]
}

/**
 * Addresses for the parts of one file, signed in small batches just before their use. Each is
 * given out once, so a second attempt always has a fresh one.
 */
export function createPartAddresses({ fileId, measure, transport, hasher, upcoming }: Wishes) {
  /** Signed, or being signed, ahead of their use. */
  const ahead = new Map<number, Promise<Answer<Signed>>>()

  function sign(numbers: readonly number[], more: boolean) {
    const next = more ? upcoming(BATCH * 2).filter((number) => !ahead.has(number)) : []
    const chosen = next.slice(0, BATCH - numbers.length)
    const signed = ask([...numbers, ...chosen])
    for (const number of chosen) ahead.set(number, signed)
    return signed
  }

  async function ask(numbers: readonly number[]): Promise<Answer<Signed>> {
    const digests = await Promise.all(
      numbers.map((number) =>
        measure.checksums ? hasher.part(measure.slice(number), measure.placeOf(number)) : null,
      ),
    )
    const parts = numbers.map((partNumber, at) => ({ partNumber, sha256: digests[at] ?? null }))
    const readable = parts.filter(({ sha256 }) => !measure.checksums || sha256 !== null)
    const value: Signed = { at: Date.now(), addresses: new Map() }
    if (readable.length === 0) return { ok: true, value }
    const answer = await transport.signParts(fileId, readable)
    if (!answer.ok) return answer
    for (const part of answer.value) value.addresses.set(part.partNumber, part)
    return { ok: true, value }
  }

  return {
    /**
     * An address for one part; null when its bytes can no longer be read. `hurried`: parts leave so
     * fast that the next ones should be signed by now.
     */
    async take(partNumber: number, hurried: boolean): Promise<Answer<PartAddress | null>> {
      const early = ahead.get(partNumber)
      ahead.delete(partNumber)
      if (early && hurried && ahead.size < BATCH / 2) void sign([], true)
      let signed = early && (await early)
      if (!signed?.ok || Date.now() - signed.value.at > FRESH_MS)
        signed = await sign([partNumber], hurried && !early)
      if (!signed.ok) return signed
      return { ok: true, value: signed.value.addresses.get(partNumber) ?? null }
    },
  }
}
