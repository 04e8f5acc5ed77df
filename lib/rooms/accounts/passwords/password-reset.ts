import "server-only"
import { z } from "zod"

/** How long a link to set a new password works if an admin made it, in hours. */
export const RESET_HOURS = 24
export const MAILED_RESET_MINUTES = 30

export const PasswordResetInput = z.strictObject({
  /** Whether Lapse mails the link to the member. */
  mail: z.boolean().optional(),
})

/** A link by which a member chooses a new password. Only the call that makes it returns its URL. */
export const PasswordResetView = z.strictObject({
  url: z.string(),
  /** ISO 8601 UTC. */
  expiresAt: z.iso.datetime(),
  member: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
})
export type PasswordResetView = z.infer<typeof PasswordResetView>
