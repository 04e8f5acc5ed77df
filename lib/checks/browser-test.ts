import "server-only"
import { z } from "zod"

/** What a browser does to see whether it reaches the store as pages do. */
export const BrowserTest = z.strictObject({
  /** The origin of the store. */
  origin: z.string(),
  /** What it uploads: an object, and a part of one. */
  puts: z.array(
    z.strictObject({
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
    }),
  ),
  /** Asked for with a range; the answer has the named headers and the text. */
  get: z.strictObject({
    url: z.string(),
    text: z.string(),
    exposed: z.array(z.string()).readonly(),
  }),
})
export type BrowserTest = z.infer<typeof BrowserTest>

/** The result in the browser: null where all of it worked, else what did not, and why. */
export type BrowserResult = { failed: "upload" | "download" | "headers"; reason: string } | null
