/** What is wrong with the chain. Sequences are places in it; a range is inclusive. */
export type Finding =
  /** The entry is not what was sealed, or the seal is not of this installation's key. */
  | { kind: "altered"; sequence: bigint; entryId: string }
  /** There is a seal and no entry. */
  | { kind: "removed"; sequence: bigint; entryId: string }
  /** Neither seals nor entries are there. */
  | { kind: "missing"; from: bigint; to: bigint }
  /** An entry that no seal covers and that does not wait for one. */
  | { kind: "inserted"; entryId: string }
  /** An entry that waited for its seal is not there. */
  | { kind: "removed_unsealed"; entryId: string }
  /** The checkpoint of retention was not made by this installation. */
  | { kind: "checkpoint"; sequence: bigint }
  /** The chain ends before the head that was kept. */
  | { kind: "cut_off"; sequence: bigint }
  /** At this place the chain is another than when the head was kept. */
  | { kind: "other_chain"; sequence: bigint }

/** A head that someone kept outside of the database; the hash is hexadecimal. */
export type KeptHead = { sequence: bigint; hash: string }

export type ChainReport = {
  /** Entries that were compared with their seals. */
  verified: number
  /** Entries that wait for their seal: the sealer runs every minute. */
  waiting: number
  /** What retention left: earlier entries were deleted up to this one. Null: the chain is whole. */
  begins: { sequence: bigint; deletedTo: string } | null
  head: { sequence: bigint; hash: string; sealedAt: string } | null
  /** Kept heads that are older than what retention left. */
  olderHeads: number
  /** The first of them; `found` counts all. */
  findings: Finding[]
  found: number
}
