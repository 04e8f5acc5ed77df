import "server-only"
import { z } from "zod"

/** The result of the browser that requests a run; null if everything worked. */
export const ChecksInput = z.strictObject({
  browser: z
    .strictObject({
      failed: z.enum(["upload", "download", "headers"]),
      reason: z.string().max(200),
    })
    .nullable()
    .optional(),
})
