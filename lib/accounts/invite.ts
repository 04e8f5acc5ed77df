import { z } from "zod"
import { Email, type Role } from "./member.ts"

export const INVITE_DAYS = 7

export const InviteInput = z.object({
  /** Null: the invited person chooses an address. */
  email: Email.nullish().transform((email) => email ?? null),
  role: z.enum(["member", "admin"]).default("member"),
})
export type InviteInput = z.infer<typeof InviteInput>

/** An open invite as admins see it. Times are ISO 8601 UTC. */
export type InviteView = {
  id: string
  email: string | null
  role: Role
  invitedBy: string
  expiresAt: string
  createdAt: string
}
