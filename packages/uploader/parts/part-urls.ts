import "client-only"
import type { Hasher } from "../hashing/hasher.ts"
import type { UploadTransport } from "../transport/upload-transport.ts"
import type { Answer, PartUrl } from "../upload-protocol.ts"
import type { PartLayout } from "./part-layout.ts"

const BATCH = 8
/** The number of parts prepared ahead: a batch, and those sent while it is being signed. */
const PREFETCHED_PARTS = BATCH + 4
/** URLs work for fifteen minutes. Older ones than this, as after a sleep, are not used. */
export const URL_MAX_AGE_MS = 5 * 60_000

type SignedPart = {
  signedAt: number
  /** Null if the part's bytes can no longer be read. */
  url: PartUrl | null
}

type PendingPart = {
  partNumber: number
  sha256: string | null
  /** Whether an upload waits for the URL; otherwise it is prefetched. */
  isUrgent: boolean
  signed: Promise<Answer<SignedPart>>
  settle: (answer: Answer<SignedPart>) => void
}

type PartUrlsOptions = {
  fileId: string
  layout: PartLayout
  transport: UploadTransport
  hasher: Hasher
  /** Returns the numbers of the next expected parts. */
  upcoming: (count: number) => number[]
}

/**
 * Creates presigned URLs for the parts of one file, signed in small batches just before their use.
 * Each is returned once, so a retry always has a fresh one. The first part is signed as soon as it
 * is hashed, while later parts are being hashed.
 */
export function createPartUrls({ fileId, layout, transport, hasher, upcoming }: PartUrlsOptions) {
  const signer = createBatchSigner(fileId, transport)
  const prefetched = new Map<number, PendingPart>()

  function prepare(partNumber: number, isUrgent: boolean) {
    const { promise: signed, resolve: settle } = Promise.withResolvers<Answer<SignedPart>>()
    const part: PendingPart = { partNumber, sha256: null, isUrgent, signed, settle }
    if (layout.checksums) void hash(part)
    else signer.add(part)
    return part
  }

  async function hash(part: PendingPart) {
    const { partNumber } = part
    signer.hashing += 1
    part.sha256 = await hasher.part(layout.slice(partNumber), layout.positionOf(partNumber))
    signer.hashing -= 1
    if (part.sha256 === null) part.settle(signedPart(Date.now(), null))
    else signer.add(part)
    void signer.sign()
  }

  return {
    /**
     * Returns the URL of one part; null if its bytes can no longer be read. `prefetch`: parts are
     * sent fast enough to sign the next ones ahead.
     */
    async take(partNumber: number, prefetch: boolean): Promise<Answer<PartUrl | null>> {
      const early = prefetched.get(partNumber)
      prefetched.delete(partNumber)
      signer.prefetch = prefetch
      const part = early ?? prepare(partNumber, true)
      part.isUrgent = true
      if (prefetch) {
        for (const next of upcoming(PREFETCHED_PARTS)) {
          if (!prefetched.has(next)) prefetched.set(next, prepare(next, false))
        }
      }
      void signer.sign()
      let answer = await part.signed
      if (early && (!answer.ok || Date.now() - answer.value.signedAt > URL_MAX_AGE_MS)) {
        const again = prepare(partNumber, true)
        void signer.sign()
        answer = await again.signed
      }
      return answer.ok ? { ok: true, value: answer.value.url } : answer
    },
  }
}

export type PartUrls = ReturnType<typeof createPartUrls>

/** Signs one batch at a time: urgent parts first, then prefetched ones if there is space. */
function createBatchSigner(fileId: string, transport: UploadTransport) {
  const ready = new Set<PendingPart>()
  let signedCount = 0
  let isSigning = false

  /** Returns none while it is better to wait: a call costs the app more than signatures. */
  function nextBatch(): PendingPart[] {
    const parts = Array.from(ready)
    const urgent = parts.filter(({ isUrgent }) => isUrgent)
    const early = signer.prefetch ? parts.filter(({ isUrgent }) => !isUrgent) : []
    // The first part is signed by itself, so that sending starts early; then batches grow.
    const enough = urgent.length > 0 ? Math.min(BATCH, signedCount) : BATCH
    const isLast = urgent.length > 0 && signer.hashing === 0
    if (urgent.length + early.length < enough && !isLast) return []
    return [...urgent, ...early].slice(0, BATCH)
  }

  async function sign() {
    if (isSigning) return
    const batch = nextBatch()
    if (batch.length === 0) return
    for (const part of batch) ready.delete(part)
    isSigning = true
    const signedAt = Date.now()
    const answer = await transport.signParts(fileId, batch)
    isSigning = false
    signedCount += batch.length
    for (const { partNumber, settle } of batch) {
      if (!answer.ok) settle(answer)
      else {
        const url = answer.value.find((one) => one.partNumber === partNumber) ?? null
        settle(signedPart(signedAt, url))
      }
    }
    void sign()
  }

  const signer = {
    /** The number of parts that are being hashed and will be added. */
    hashing: 0,
    prefetch: true,
    add: (part: PendingPart) => void ready.add(part),
    sign,
  }
  return signer
}

const signedPart = (signedAt: number, url: PartUrl | null): Answer<SignedPart> => ({
  ok: true,
  value: { signedAt, url },
})
