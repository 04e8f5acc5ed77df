import "server-only"
import type { SealRow } from "#lib/rooms/audit/entry-sql.ts"
import type { ChainReport, Finding, KeptHead } from "./chain-finding.ts"
import {
  type Checkpoint,
  isEqual,
  isOwnCheckpoint,
  NO_SEAL,
  type SealedEntry,
  type SealedHead,
  sealOf,
} from "./seal.ts"
import { sealKeys } from "./seal-entries.ts"

const LISTED = 50

/** Compares the chain seal by seal and collects the findings. */
export class ChainWalk {
  sequence = 0n
  #hash: Uint8Array | null = NO_SEAL
  #sealedAt = ""
  #begins: ChainReport["begins"] = null
  #verified = 0
  #entries = 0
  #found = 0
  #olderHeads = 0
  readonly #findings: Finding[] = []
  readonly #kept = new Map<bigint, Set<string>>()
  // The keys, newest first. Once a newer key has sealed, an older one must not seal again.
  readonly #keys = sealKeys()
  #oldest = this.#keys.length - 1

  /** Compares the chain with these heads, which were saved outside of the database. */
  constructor(kept: KeptHead[] = []) {
    for (const { sequence, hash } of kept)
      this.#kept.set(sequence, (this.#kept.get(sequence) ?? new Set()).add(hash))
  }

  get found() {
    return this.#found
  }

  /** The number of entries that have a seal. */
  get entries() {
    return this.#entries
  }

  find(finding: Finding) {
    this.#found++
    if (this.#findings.length < LISTED) this.#findings.push(finding)
  }

  /** Begins at the checkpoint of retention, which deleted everything before this seal. */
  begin(checkpoint: Checkpoint) {
    const { sequence, hash, deletedTo } = checkpoint
    if (!isOwnCheckpoint(this.#keys, checkpoint)) this.find({ kind: "checkpoint", sequence })
    for (const older of this.#kept.keys()) if (older < sequence) this.#olderHeads++
    this.sequence = sequence
    this.#hash = hash
    this.#begins = { sequence, deletedTo }
    this.#sealedAt = checkpoint.madeAt
    this.#compareHead(hash)
  }

  /** Begins after a head that was saved outside of the database. */
  beginAt({ sequence, hash, sealedAt }: SealedHead) {
    this.sequence = BigInt(sequence)
    this.#hash = Buffer.from(hash, "hex")
    this.#sealedAt = sealedAt
  }

  compare(seal: SealRow) {
    const sequence = BigInt(seal.sequence)
    if (sequence !== this.sequence + 1n) {
      this.find({ kind: "missing", from: this.sequence + 1n, to: sequence - 1n })
      this.#hash = null // the previous seal is missing, so the comparison restarts after it
    }
    if (seal.id !== null) this.#entries++
    if (seal.id === null) this.find({ kind: "removed", sequence, entryId: seal.entryId })
    else if (this.#hash && !this.#isSealed(this.#hash, seal))
      this.find({ kind: "altered", sequence, entryId: seal.entryId })
    else if (this.#hash) this.#verified++
    this.sequence = sequence
    this.#hash = seal.hash
    this.#sealedAt = seal.sealedAt
    this.#compareHead(seal.hash)
  }

  #isSealed(before: Uint8Array, seal: SealRow & SealedEntry) {
    const place = { sequence: BigInt(seal.sequence), sealedAt: seal.sealedAt }
    for (let index = this.#oldest; index >= 0; index--) {
      const key = this.#keys[index]
      if (!key || !isEqual(sealOf(key, before, place, seal), seal.hash)) continue
      this.#oldest = index
      return true
    }
    return false
  }

  #compareHead(hash: Uint8Array) {
    const kept = this.#kept.get(this.sequence)
    if (!kept) return
    const isHere = (one: string) => one === Buffer.from(hash).toString("hex")
    if (![...kept].every(isHere)) this.find({ kind: "other_chain", sequence: this.sequence })
  }

  end(waiting: number): ChainReport {
    for (const sequence of this.#kept.keys())
      if (sequence > this.sequence) this.find({ kind: "cut_off", sequence })
    const hash = this.#hash && Buffer.from(this.#hash).toString("hex")
    const head = { sequence: this.sequence, hash: hash ?? "", sealedAt: this.#sealedAt }
    return {
      verified: this.#verified,
      waiting,
      begins: this.#begins,
      head: this.sequence > 0n ? head : null,
      olderHeads: this.#olderHeads,
      findings: this.#findings,
      found: this.#found,
    }
  }
}
