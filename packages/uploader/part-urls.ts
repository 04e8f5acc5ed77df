import "client-only"
import type { Hasher } from "./hasher.ts"
import type { PartsMeasure } from "./part-layout.ts"
import type { Answer, PartAddress, UploadTransport } from "./upload-transport.ts"

const BATCH = 8
/** Parts whose addresses are made ready before their turn: a batch, and what leaves while it is signed. */
const AHEAD = BATCH + 4
/** An address works for fifteen minutes; one that lay about longer than this is not used. After a sleep none is. */
export const FRESH_MS = 5 * 60_000

/** `address` is null when the part's bytes can no longer be read. */
type Signed = { at: number; address: PartAddress | null }

type Ticket = {
  partNumber: number
  sha256: string | null
  isWaitedFor: boolean
  signed: Promise<Answer<Signed>>
  settle: (answer: Answer<Signed>) => void
}

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
 * given out once, so a second attempt always has a fresh one. The first part is signed as soon as it
 * is hashed, and no call waits for more than were signed before it. Later parts are hashed meanwhile.
 */
export function createPartAddresses({ fileId, measure, transport, hasher, upcoming }: Wishes) {
  /** Made ready ahead of their use. */
  const ahead = new Map<number, Ticket>()
  /** Hashed and not yet signed. */
  const hashed = new Set<Ticket>()
  let hashing = 0
  let signedCount = 0
  let isHurried = true
  let isSigning = false

  function prepare(partNumber: number, isWaitedFor: boolean) {
    const { promise: signed, resolve: settle } = Promise.withResolvers<Answer<Signed>>()
    const ticket: Ticket = { partNumber, sha256: null, isWaitedFor, signed, settle }
    if (measure.checksums) void hash(ticket)
    else hashed.add(ticket)
    return ticket
  }

  async function hash(ticket: Ticket) {
    const { partNumber } = ticket
    hashing += 1
    ticket.sha256 = await hasher.part(measure.slice(partNumber), measure.placeOf(partNumber))
    hashing -= 1
    if (ticket.sha256 === null) ticket.settle(signedAt(Date.now(), null))
    else hashed.add(ticket)
    void sign()
  }

  /** One batch at a time: those that are waited for, and others as far as there is room. */
  async function sign() {
    const tickets = Array.from(hashed)
    const urgent = tickets.filter(({ isWaitedFor }) => isWaitedFor)
    const early = isHurried ? tickets.filter(({ isWaitedFor }) => !isWaitedFor) : []
    // A call costs the app more than its signatures do.
    const enough = urgent.length > 0 ? Math.min(BATCH, signedCount) : BATCH
    const isLast = urgent.length > 0 && hashing === 0
    if (isSigning || (urgent.length + early.length < enough && !isLast)) return
    const batch = [...urgent, ...early].slice(0, BATCH)
    for (const ticket of batch) hashed.delete(ticket)
    isSigning = true
    const at = Date.now()
    const answer = await transport.signParts(fileId, batch)
    isSigning = false
    signedCount += batch.length
    for (const { partNumber, settle } of batch) {
      if (!answer.ok) settle(answer)
      else settle(signedAt(at, answer.value.find((part) => part.partNumber === partNumber) ?? null))
    }
    void sign()
  }

  return {
    /**
     * An address for one part; null when its bytes can no longer be read. `hurried`: parts leave so
     * fast that the next ones should be signed by now.
     */
    async take(partNumber: number, hurried: boolean): Promise<Answer<PartAddress | null>> {
      const early = ahead.get(partNumber)
      ahead.delete(partNumber)
      isHurried = hurried
      const ticket = early ?? prepare(partNumber, true)
      ticket.isWaitedFor = true
      if (hurried) {
        for (const next of upcoming(AHEAD)) {
          if (!ahead.has(next)) ahead.set(next, prepare(next, false))
        }
      }
      void sign()
      let signed = await ticket.signed
      if (early && (!signed.ok || Date.now() - signed.value.at > FRESH_MS)) {
        const again = prepare(partNumber, true)
        void sign()
        signed = await again.signed
      }
      return signed.ok ? { ok: true, value: signed.value.address } : signed
    },
  }
}

const signedAt = (at: number, address: PartAddress | null): Answer<Signed> => ({
  ok: true,
  value: { at, address },
})
