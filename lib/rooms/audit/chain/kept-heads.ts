import "server-only"
import { z } from "zod"
import { jsonOrNull } from "#lib/adapters/text/json-or-null.ts"
import type { KeptHead } from "./chain-finding.ts"

const Head = z.object({
  sequence: z.int().min(1),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/i)
    .toLowerCase(),
})

/** Reads the heads in a file: the output of `audit head`, or lines of a log; skips others. */
export function readHeads(text: string): KeptHead[] {
  return [text, ...text.split("\n")].flatMap((part) => {
    const { data } = Head.safeParse(jsonOrNull(part))
    return data ? [{ sequence: BigInt(data.sequence), hash: data.hash }] : []
  })
}
