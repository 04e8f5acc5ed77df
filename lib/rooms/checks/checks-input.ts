import "server-only"
import { z } from "zod"

/** The result from the browser that requests a run; null if everything worked. */
export const ChecksInput = z.object({
  browser: z
    .object({
      failed: z.enum(["upload", "download", "headers"]),
      reason: z.string().max(200),
    })
    .nullable()
    .optional(),
})
