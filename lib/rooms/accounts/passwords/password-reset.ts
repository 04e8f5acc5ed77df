import "server-only"
import { z } from "zod"

/** How long a link to set a new password works if an admin made it, in hours. */
export const RESET_HOURS = 24
export const MAILED_RESET_MINUTES = 30

export const PasswordResetInput = z.object({
  mail: z.boolean().optional(),
})

/** A link for setting a new password. Only the call that makes it returns its URL. */
export type PasswordResetView = {
  url: string
  /** ISO 8601 UTC. */
  expiresAt: string
  member: { id: string; name: string; email: string }
}
