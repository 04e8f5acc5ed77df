/** A fault in the chain. Sequences are places in the chain; a range is inclusive. */
export type Finding =
  /**
   * The entry differs from what was sealed, or the seal was not made with this installation's key.
   */
  | { kind: "altered"; sequence: bigint; entryId: string }
  /** There is a seal without its entry. */
  | { kind: "removed"; sequence: bigint; entryId: string }
  /** Both the seals and the entries are missing. */
  | { kind: "missing"; from: bigint; to: bigint }
  /** An entry has no seal and is not marked as waiting for one. */
  | { kind: "inserted"; entryId: string }
  /** An entry that waited for its seal is missing. */
  | { kind: "removed_unsealed"; entryId: string }
  /** The checkpoint of retention was not made by this installation. */
  | { kind: "checkpoint"; sequence: bigint }
  /** The chain ends before the head that was kept. */
  | { kind: "cut_off"; sequence: bigint }
  /** At this place the chain differs from what it was when the head was kept. */
  | { kind: "other_chain"; sequence: bigint }

/** A head that was kept outside of the database; the hash is hexadecimal. */
export type KeptHead = { sequence: bigint; hash: string }

export type ChainReport = {
  /** The number of entries that were compared with their seals. */
  verified: number
  /** The number of entries that wait for their seal; the sealer runs every minute. */
  waiting: number
  /**
   * Where the chain begins after retention deleted earlier entries; null if nothing was deleted.
   */
  begins: { sequence: bigint; deletedTo: string } | null
  head: { sequence: bigint; hash: string; sealedAt: string } | null
  /** The number of kept heads that are older than the first entry that retention left. */
  olderHeads: number
  /** The first findings; `found` counts all. */
  findings: Finding[]
  found: number
}
