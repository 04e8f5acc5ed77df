import "server-only"
import { z } from "zod"
import { english } from "#lib/adapters/text/sentences.ts"

/** A code from an authenticator app or a recovery code, without added spaces and dashes. */
export const Code = z
  .string()
  .max(60)
  .transform((code) => code.replace(/[\s-]/g, "").toUpperCase())

/** Input that turns codes on: the secret that the app received, and a code that it shows. */
export const NewSecondFactor = z.object({
  secret: z.string().regex(/^[A-Z2-7]{32}$/, english("input_scan")),
  code: Code,
})
export type NewSecondFactor = z.infer<typeof NewSecondFactor>

/** A secret for an authenticator app, and the address for its QR code. */
export type SecretView = { secret: string; url: string }

/** Only the call that makes recovery codes returns them. */
export type RecoveryCodes = { recoveryCodes: string[] }

/** The member's authenticator app. Times are ISO 8601 UTC. */
export type SecondFactorView = {
  since: string | null
  recoveryCodesLeft: number
  required: boolean
}
