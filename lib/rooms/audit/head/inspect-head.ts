import "server-only"
import { readBucketHead } from "./bucket-head.ts"
import { compareHead } from "./compare-head.ts"

const PATIENCE_MS = 2_000

export type HeadTrouble =
  | { kind: "contradicted"; sequence: number }
  | { kind: "foreign" }
  | { kind: "unseen" }

/** Compares the chain with the head in the bucket, for a page. Returns null if nothing is wrong. */
export async function inspectHead(): Promise<HeadTrouble | null> {
  const seen = await readBucketHead(PATIENCE_MS)
  if (seen.kind === "none") return null // the sealer writes one within a minute
  if (seen.kind !== "kept") return { kind: seen.kind }
  if (!(await compareHead(seen.head))) return null
  return { kind: "contradicted", sequence: seen.head.sequence }
}
