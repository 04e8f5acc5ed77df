import { z } from "zod"

const Segment = z.union([
  z.string(),
  z.tuple([z.string(), z.string(), z.string(), z.array(z.string()).nullable()]),
])
const Tree = z.tuple(
  [
    Segment,
    z.record(
      z.string(),
      z.lazy((): z.ZodType => Tree),
    ),
  ],
  z.union([z.string(), z.number(), z.null(), z.tuple([z.string(), z.string()])]),
)

/**
 * Whether a Next-Router-State-Tree header has the form that Next's own client sends. Next answers
 * any other text with a server error.
 */
export function isRouterState(header: string | string[] | undefined): boolean {
  if (header === undefined) return true
  try {
    return Tree.safeParse(JSON.parse(decodeURIComponent(String(header)))).success
  } catch {
    return false
  }
}
