import "server-only"
import { z } from "zod"

/** The requests by which a browser tests whether it reaches the store as pages do. */
export const BrowserTest = z.strictObject({
  /** The origin of the store. */
  origin: z.string(),
  /** The uploads: an object, and a part of one. */
  puts: z.array(
    z.strictObject({
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  ),
  /** A download with a range; the answer must have these headers and this text. */
  get: z.strictObject({
    url: z.string(),
    text: z.string(),
    exposed: z.array(z.string()).readonly(),
  }),
})
export type BrowserTest = z.infer<typeof BrowserTest>

/** The result of the test: null if everything worked, otherwise the part that failed and why. */
export type BrowserResult = { failed: "upload" | "download" | "headers"; reason: string } | null
