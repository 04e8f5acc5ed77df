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
 * Whether a Next-Router-State-Tree header is what Next's own client sends: Next answers anything else
 * with an error of the server.
 */
export function isRouterState(header: string | string[] | undefined): boolean {
  if (header === undefined) return true
  try {
    return Tree.safeParse(JSON.parse(decodeURIComponent(String(header)))).success
  } catch {
    return false
  }
}
