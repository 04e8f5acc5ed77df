/** A fault in the chain. A sequence is a position in the chain, and a range is inclusive. */
export type Finding =
  /** The entry differs from the sealed one, or this installation's key did not make the seal. */
  | { kind: "altered"; sequence: bigint; entryId: string }
  /** There is a seal without its entry. */
  | { kind: "removed"; sequence: bigint; entryId: string }
  /** Both the seals and the entries are missing. */
  | { kind: "missing"; from: bigint; to: bigint }
  /** An entry has no seal and is not marked as waiting for one. */
  | { kind: "inserted"; entryId: string }
  /** An entry that was waiting for its seal is missing. */
  | { kind: "removed_unsealed"; entryId: string }
  /** The retention's checkpoint was not made by this installation. */
  | { kind: "checkpoint"; sequence: bigint }
  /** The chain ends before the saved head. */
  | { kind: "cut_off"; sequence: bigint }
  /** At this position the chain has changed since the head was saved. */
  | { kind: "other_chain"; sequence: bigint }

/** A head that was saved outside of the database. The hash is in hexadecimal. */
export type KeptHead = { sequence: bigint; hash: string }

export type ChainReport = {
  /** The number of entries that were compared with their seals. */
  verified: number
  /** The number of entries that are waiting for their seal. The sealer runs every minute. */
  waiting: number
  /** Where the chain begins after retention deleted entries; null if nothing was deleted. */
  begins: { sequence: bigint; deletedTo: string } | null
  head: { sequence: bigint; hash: string; sealedAt: string } | null
  /** The number of saved heads that are older than the first entry after retention. */
  olderHeads: number
  /** The first findings; `found` counts all. */
  findings: Finding[]
  found: number
}
