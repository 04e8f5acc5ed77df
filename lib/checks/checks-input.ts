import "server-only"
import { z } from "zod"

/** What a browser that asks for a run found itself; null where all of it worked. */
export const ChecksInput = z.strictObject({
  browser: z
    .strictObject({
      failed: z.enum(["upload", "download", "headers"]),
      reason: z.string().max(200),
    })
    .nullable()
    .optional(),
})
