/** How long the link to a new password works, in hours. */
export const RESET_HOURS = 24

/** A link by which a member chooses a new password. Only the call that makes it returns its URL. */
export type PasswordResetView = {
  url: string
  /** ISO 8601 UTC. */
  expiresAt: string
  member: { id: string; name: string; email: string }
}
